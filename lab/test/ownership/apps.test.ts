import { afterAll, describe } from 'vitest'
import { testCells } from './cells.ts'
import { closeFederations, federationRow } from './federation-row.ts'
import { readTable } from './table.ts'

afterAll(closeFederations)

/** The app has been deployed by the owner of the row, to a federation that is the run's own. */
const table = readTable(
  ['redeploy', 'empty', 'whole', 'hosts', 'part', 'app'],
  `
                     redeploy   empty      whole      hosts    part       app
  ours               changed    gone       ·          ·        untouched  gone
  older              changed    ·          ·          ·        ·          gone
  unclaimed          refused    ·          refused    ·        ·          untouched
  other environment  refused    ·          refused    ·        ·          untouched
  domain below       refused    untouched  refused    refused  ·          untouched
  other repository   refused    untouched  refused    refused  untouched  untouched
  its namesake       refused    ·          refused    ·        ·          untouched
  mark garbled       refused    untouched  refused    refused  ·          untouched
`,
)

describe('an app', () => testCells(table, owner => federationRow('app', owner)))
