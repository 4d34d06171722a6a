import { describe } from 'vitest'
import { testCells } from './cells.ts'
import { clusterRow } from './cluster-row.ts'
import { places } from './cluster-world.ts'
import { readTable } from './table.ts'

/** Beside the cluster there are in its bucket: data of other programs, another cluster, and names that begin alike. */
const table = readTable(
  ['create', 'whole', 'part', 'beside', 'reap'],
  `
                     create     whole    part     beside     reap
  ours               changed    gone     ·        untouched  gone
  older              ·          gone     ·        ·          ·
  unclaimed          ·          refused  refused  ·          untouched
  other environment  ·          refused  refused  ·          ·
  domain below       ·          refused  refused  untouched  gone
  domain above       ·          refused  refused  untouched  untouched
  other repository   refused    refused  refused  untouched  untouched
  its namesake       ·          refused  refused  ·          untouched
  other account      ·          refused  refused  untouched  told
  mark denied        ·          refused  refused  untouched  told
  mark 404 page      ·          refused  refused  untouched  told
  mark page          refused    refused  refused  untouched  told
  mark empty         ·          refused  refused  untouched  told
  mark garbled       ·          refused  refused  untouched  told
`,
)

describe('a cluster in a shared store', () => testCells(table, owner => clusterRow(owner, places.shared)))
