import { afterAll, describe } from 'vitest'
import { testCells } from './cells.ts'
import { closeFederations, federationRow } from './federation-row.ts'
import { readTable } from './table.ts'

afterAll(closeFederations)

/** The member eur has been joined by the owner of the row, to a control plane of the run's own with an app of its own. */
const table = readTable(
  ['federate', 'prune', 'whole', 'hosts', 'part'],
  `
                     federate   prune      whole    hosts    part
  ours               untouched  gone       ·        ·        gone
  older              changed    gone       ·        ·        ·
  unclaimed          untouched  untouched  refused  ·        untouched
  other environment  ·          untouched  refused  ·        refused
  domain below       refused    untouched  refused  refused  refused
  other repository   refused    untouched  refused  refused  refused
  its namesake       ·          untouched  refused  ·        refused
  mark garbled       refused    untouched  refused  refused  refused
  domain above       refused    untouched  refused  ·        refused
`,
)

describe('a member', () => testCells(table, owner => federationRow('member', owner)))
