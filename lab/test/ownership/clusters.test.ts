/**
 * Whose things an action touches: tables of worlds. A row is an owner of a thing that a run meets, a column is a run, and
 * a word what becomes of the thing (see `table.ts`); each cell runs the action's own code, dry and for real, and compares
 * everything that there is before and after: buckets with all versions, resources, records, Kubernetes objects. What
 * belongs to others, and what cannot be read, is never touched.
 */

import { describe } from 'vitest'
import { testCells } from './cells.ts'
import { clusterRow } from './cluster-row.ts'
import { places } from './cluster-world.ts'
import { readTable } from './table.ts'

const table = readTable(
  ['create', 'federate', 'deploy', 'dns', 'whole', 'part', 'beside', 'reap'],
  `
                     create     federate  deploy  dns        whole    part     beside     reap
  ours               changed    ·         ·       untouched  gone     gone     untouched  gone
  older              changed    ·         ·       untouched  gone     ·        untouched  gone
  unclaimed          untouched  ·         ·       untouched  refused  refused  untouched  untouched
  other environment  ·          ·         ·       untouched  refused  refused  untouched  gone
  domain below       refused    refused   ·       untouched  refused  refused  untouched  gone
  domain above       ·          refused   ·       untouched  refused  refused  untouched  untouched
  other repository   refused    refused   fails   untouched  refused  refused  untouched  untouched
  its namesake       ·          ·         ·       untouched  refused  refused  untouched  untouched
  other account      ·          refused   refused untouched  refused  refused  untouched  untouched
  living             ·          ·         ·       ·          ·        ·        ·          untouched
  mark denied        ·          refused   ·       untouched  refused  refused  untouched  told
  mark 404 page      ·          refused   ·       untouched  refused  refused  untouched  told
  mark page          refused    refused   fails   untouched  refused  refused  untouched  told
  mark empty         ·          refused   ·       untouched  refused  refused  untouched  told
  mark garbled       refused    refused   ·       untouched  refused  refused  untouched  told
`,
)

describe('a cluster with a bucket of its own', () => testCells(table, owner => clusterRow(owner, places.own)))
