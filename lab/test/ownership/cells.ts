import type { Universe } from '@meridian/lab-universe'
import { afterAll, describe, test, vi } from 'vitest'
import { type Ran, type Run, runHere } from './run-here.ts'
import { expectOutcome, type Outcome, placeOf, type Scene, type Table } from './table.ts'

/** A world with the thing of one row in it. */
export type World = {
  readonly universe: Universe
  /** What the cells of the row are about; asked before each run and after it. */
  scene(): Scene
  /** Of a world that is as it was made, or has been `changed`. */
  close(changed: boolean): Promise<void>
}

export type Row<Column extends string> = {
  /** Makes the world of the row. It is made again after a cell that has changed it. */
  open(column: Column): Promise<World>
  /** Puts back what is the run's own beside the thing. */
  restore?(world: World): Promise<void> | void
  run(column: Column, world: World): Run | Promise<Run>
}

/** Rows of which every cell is tried dry, also where nothing happens that a dry run could forget to leave out. */
const thorough = ['other repository', 'domain below', 'mark page', 'mark garbled']

/**
 * Each cell of a table as a test: first as a dry run, of which nothing may differ in the whole world, then for real. Cells
 * of a row share a world as long as they leave it as it is.
 */
export function testCells<Column extends string>(
  table: Table<Column>,
  rowOf: (owner: string) => Row<Column>,
  carryOut: (universe: Universe, run: Run) => Promise<Omit<Ran, 'job'>> = runHere,
): void {
  describe.each(Object.entries(table))('%s', (owner, cells) => {
    const row = rowOf(owner)
    let world: World | undefined

    const ready = async (column: Column): Promise<World> => {
      world ??= await row.open(column)
      await row.restore?.(world)
      return world
    }
    const close = async (changed: boolean) => {
      await world?.close(changed)
      world = undefined
      vi.unstubAllEnvs()
    }
    afterAll(() => close(false))

    // What changes the world comes last, so that it is made again as seldom as may be.
    const all = (Object.entries(cells) as [Column, Outcome][]).toSorted(
      ([, one], [, other]) => Number(changes(one)) - Number(changes(other)),
    )
    const dry = all
      .filter(([, outcome]) => changes(outcome) || thorough.includes(owner))
      .map(([column, outcome]) => [column, dryOutcome(outcome)] as const)

    test.each(dry)('the dry run of %s: %s', async (column, outcome) => {
      const { universe, ...given } = await ready(column)
      const scene = given.scene()
      const run = await row.run(column, { universe, ...given })
      const ran = await carryOut(universe, { ...run, inputs: { ...run.inputs, 'dry-run': 'true' } })
      expectOutcome(ran, outcome, { thing: scene.thing, words: scene.words }, () => places(universe))
    })

    test.each(all)('%s: %s', async (column, outcome) => {
      const now = await ready(column)
      const scene = now.scene()
      const ran = await carryOut(now.universe, await row.run(column, now))
      // What the thing has got through the run is a part of it too.
      const thing = new RegExp(`${scene.thing.source}|${now.scene().thing.source}`)
      const usable = ran.differences.every(difference => scene.lasting?.test(placeOf(difference)))
      try {
        expectOutcome(ran, outcome, { ...scene, thing }, () => places(now.universe))
      } finally {
        if (!usable) await close(true)
      }
    })
  })
}

const places = (universe: Universe) => Object.keys(universe.snapshot())

const changes = (outcome: Outcome) => outcome === 'changed' || outcome === 'gone'

/** A dry run tells the same, and changes nothing. */
function dryOutcome(outcome: Outcome): Outcome {
  return changes(outcome) ? 'untouched' : outcome
}
