import { fileURLToPath } from 'node:url'
import { runAction } from '@meridian/lab-runner'
import { compareSnapshots, type Universe } from '@meridian/lab-universe'
import { describe } from 'vitest'
import { testCells } from './cells.ts'
import { clusterRow } from './cluster-row.ts'
import { places } from './cluster-world.ts'
import { shop } from './owners.ts'
import type { Ran, Run } from './run-here.ts'
import { readTable } from './table.ts'

/** A few cells more as GitHub runs them: the built bundle, in a process of its own. */
const table = readTable(
  ['whole', 'reap'],
  `
                     whole    reap
  ours               gone     ·
  domain below       refused  ·
  other repository   refused  untouched
  mark 404 page      refused  told
`,
)

async function runBundle(
  universe: Universe,
  { action, inputs, faults = [] }: Run,
): Promise<Omit<Ran, 'job'>> {
  const planned = faults.map(fault => universe.world.faults.requests.plan({ ...fault, client: action }))
  const before = universe.snapshot()
  const { exitCode, stdout } = await runAction({
    dir: fileURLToPath(new URL(`../../../actions/${action}`, import.meta.url)),
    inputs,
    env: { ...universe.env, GITHUB_REPOSITORY: shop.name, GITHUB_REPOSITORY_ID: shop.id },
  })
  const differences = compareSnapshots(before, universe.snapshot())
  for (const { forget } of planned) forget()
  const error = exitCode === 0 ? undefined : stdout
  return { error, differences, struck: planned.map(({ struck }) => struck()) }
}

describe('a built action', () => testCells(table, owner => clusterRow(owner, places.own), runBundle))
