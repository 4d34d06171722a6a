import { afterAll, describe } from 'vitest'
import { testCells } from './cells.ts'
import { closeFederations, federationRow } from './federation-row.ts'
import { readTable } from './table.ts'

afterAll(closeFederations)

/** The control plane has been installed by the owner of the row; its members and the app in it are the run's own. */
const table = readTable(
  ['federate', 'prune', 'whole', 'hosts', 'part', 'reap'],
  `
                     federate   prune      whole      hosts    part       reap
  ours               untouched  untouched  gone       ·        untouched  ·
  older              changed    ·          ·          ·        ·          ·
  unclaimed          untouched  ·          ·          ·        ·          ·
  other environment  refused    ·          ·          ·        ·          ·
  domain below       refused    refused    untouched  refused  untouched  told
  other repository   refused    refused    untouched  refused  untouched  told
  its namesake       refused    ·          ·          refused  ·          ·
  mark denied        ·          refused    refused    refused  refused    told
  mark 404 page      ·          refused    refused    refused  refused    told
  mark empty         ·          refused    refused    refused  refused    told
  mark garbled       refused    refused    untouched  refused  untouched  told
`,
)

describe('a control plane', () => testCells(table, owner => federationRow('plane', owner)))
