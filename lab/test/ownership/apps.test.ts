import { afterAll, describe } from 'vitest'
import { testCells } from './cells.ts'
import { closeFederations, federationRow } from './federation-row.ts'
import { readTable } from './table.ts'

afterAll(closeFederations)

/** The app has been deployed by the owner of the row, to a federation that is the run's own. */
const table = readTable(
  ['redeploy', 'empty', 'whole', 'hosts', 'part', 'app', 'reap'],
  `
                     redeploy  empty      whole    hosts    part       app        reap
  ours               changed   gone       ·        ·        untouched  gone       ·
  older              changed   ·          ·        ·        ·          gone       ·
  unclaimed          refused   ·          refused  ·        ·          untouched  told
  other environment  refused   ·          refused  ·        ·          untouched  ·
  domain below       refused   untouched  refused  refused  untouched  untouched  told
  other repository   refused   untouched  refused  refused  untouched  untouched  told
  its namesake       refused   ·          refused  ·        ·          untouched  ·
  mark denied        ·         refused    refused  refused  refused    refused    told
  mark 404 page      ·         refused    refused  refused  refused    refused    told
  mark empty         ·         refused    refused  refused  refused    refused    told
  mark garbled       refused   untouched  refused  refused  untouched  untouched  told
`,
)

describe('an app', () => testCells(table, owner => federationRow('app', owner)))
