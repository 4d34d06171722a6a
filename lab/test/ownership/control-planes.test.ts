import { afterAll, describe } from 'vitest'
import { testCells } from './cells.ts'
import { closeFederations, federationRow } from './federation-row.ts'
import { readTable } from './table.ts'

afterAll(closeFederations)

/** The control plane has been installed by the owner of the row; its members and the app in it are the run's own. */
const table = readTable(
  ['federate', 'prune', 'whole', 'hosts', 'part'],
  `
                     federate   prune      whole      hosts    part
  ours               untouched  untouched  gone       ·        untouched
  older              changed    ·          ·          ·        ·
  unclaimed          untouched  ·          ·          ·        ·
  other environment  refused    ·          ·          ·        ·
  domain below       refused    refused    untouched  refused  ·
  other repository   refused    refused    untouched  refused  untouched
  its namesake       refused    ·          ·          ·        ·
  mark garbled       refused    refused    untouched  refused  ·
`,
)

describe('a control plane', () => testCells(table, owner => federationRow('plane', owner)))
