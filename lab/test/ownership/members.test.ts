import { afterAll, describe } from 'vitest'
import { testCells } from './cells.ts'
import { closeFederations, federationRow } from './federation-row.ts'
import { readTable } from './table.ts'

afterAll(closeFederations)

/** The member eur has been joined by the owner of the row, to a control plane of the run's own with an app of its own. */
const table = readTable(
  ['federate', 'prune', 'whole', 'hosts', 'part', 'reap'],
  `
                     federate   prune      whole    hosts    part       reap
  ours               untouched  gone       ·        ·        gone       ·
  older              changed    gone       ·        ·        ·          ·
  unclaimed          untouched  untouched  refused  ·        untouched  told
  other environment  ·          untouched  refused  ·        refused    ·
  domain below       refused    untouched  refused  refused  refused    told
  domain above       refused    untouched  refused  ·        refused    ·
  other repository   refused    untouched  refused  refused  refused    told
  its namesake       refused    untouched  refused  ·        refused    ·
  mark denied        ·          refused    refused  refused  refused    told
  mark 404 page      ·          refused    refused  refused  refused    told
  mark empty         ·          refused    refused  refused  refused    told
  mark garbled       refused    untouched  refused  refused  refused    told
`,
)

describe('a member', () => testCells(table, owner => federationRow('member', owner)))
