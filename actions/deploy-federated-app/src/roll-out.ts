import type { Kube } from '@meridian/kube'
import { type Job, messageOf, TimeoutError, UserError } from '@meridian/runner'
import type { AppPlacement } from './app-placement.ts'
import { apply, latestOf, type Writer } from './apply.ts'
import { firstTravelling } from './build-desired.ts'
import { LastingError } from './give-up.ts'
import { createHold, type Hold } from './hold-back.ts'
import type { Step } from './plan.ts'
import { formerStep, holdUntil, listMovers, type Mover } from './plan-waves.ts'
import { renderWaves } from './summary.ts'
import { type Voyage, waitDone } from './wait-done.ts'

export type RollOut = {
  steps: readonly Step[]
  placement: AppPlacement
  /** Clusters by wave; every cluster of the placement is in one. */
  waves: readonly string[][]
  writer: Writer
  /** Milliseconds for each wave to become healthy. */
  patience: number
  /** Told of a wave that did not become healthy, before it is rolled back. */
  onStuck(voyage: Voyage): Promise<void>
}

type Fleet = RollOut & { movers: readonly Mover[]; hold: Hold }

/**
 * Applies the plan so that changes reach one wave of regions after the other, each once the one before is healthy.
 * The policies hold back later regions (`suspension.dispatchingOnClusters`), which keep what they have, and let go
 * of a wave at a time: after the last they are as with `rollout: all`. A wave that does not become healthy is
 * rolled back and ends the run with a UserError; later ones are not touched.
 */
export async function rollOut(job: Job, federation: Kube, plan: RollOut): Promise<void> {
  const movers = listMovers(plan.steps)
  const policies = new Set(movers.map(({ policy }) => policy))
  const others = plan.steps.filter(step => !policies.has(step))
  const fleet = { ...plan, movers, hold: createHold(job, federation, movers, plan.writer) }
  const before = others.filter(({ tier }) => tier < firstTravelling)
  await apply(job, federation, before, plan.writer)
  await fleet.hold(mover => holdUntil(mover, plan.waves, 0))
  await apply(
    job,
    federation,
    others.filter(step => !before.includes(step)),
    plan.writer,
  )
  if (movers.length > 0) await sail(job, federation, fleet)
}

async function sail(job: Job, federation: Kube, fleet: Fleet): Promise<void> {
  const { movers, waves, hold } = fleet
  for (const [at, wave] of waves.entries()) {
    const held = (mover: Mover) => holdUntil(mover, waves, at)
    job.log.info(`Wave ${at + 1} of ${waves.length}: ${wave.join(', ')}`)
    await hold(held)
    const voyage = voyageOf(
      fleet,
      movers.map(({ template }) => template),
      wave,
      held,
    )
    // A third of what time is left is kept for the way back.
    const timeout = Math.min(fleet.patience, ((job.deadline - Date.now()) * 2) / 3)
    try {
      await waitDone(job, federation, voyage, { timeout })
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error
      await fleet.onStuck(voyage)
      const outcome = await turnBack(job, federation, fleet, at)
      job.summary(renderWaves(waves, at, outcome.back))
      throw new UserError(
        `wave ${at + 1} of ${waves.length} (${wave.join(', ')}) did not become healthy: ${error.message}\n${outcome.words}`,
        { fix: `${adviceOf(error)}It starts with the first wave.` },
      )
    }
  }
  job.summary(renderWaves(waves, waves.length, true))
}

/** A wait whose time was up knows no more than that. */
function adviceOf(error: TimeoutError): string {
  return error instanceof LastingError ? `${error.fix} ` : 'Correct the app and run this again. '
}

/**
 * Brings a wave's regions back to what they had before. The waves before it keep the new version: they are held
 * while the templates go back.
 */
async function turnBack(
  job: Job,
  federation: Kube,
  { waves, movers, hold, ...plan }: Fleet,
  at: number,
): Promise<{ back: boolean; words: string }> {
  const wave = waves[at] ?? []
  const earlier = waves.slice(0, at).flat()
  const later = waves.slice(at + 1).flat()
  const others = [
    ...(earlier.length > 0 ? [`New version: ${earlier.join(', ')}.`] : []),
    ...(later.length > 0 ? [`Not touched: ${later.join(', ')}.`] : []),
  ]
  const former = new Map(movers.flatMap(mover => [[mover, formerStep(mover)] as const]))
  const steps = [...former.values()].flatMap(step => step ?? [])
  if (steps.length === 0) {
    const words = 'There is no version before it to go back to; the rollout is held where it is.'
    return { back: false, words: [words, ...others].join(' ') }
  }
  job.log.info(`Going back to the version before in ${wave.join(', ')}`)
  const stay = (mover: Mover) => holdUntil(mover, waves, at)
  const aside = (mover: Mover) => (former.get(mover) ? [...earlier, ...later] : stay(mover))
  try {
    await hold(aside)
    // What is refused on the way back is told with it: the waves before keep what they have.
    await apply(job, federation, steps, { ...plan.writer, adopt: false, refused: new Set() })
    await waitDone(job, federation, voyageOf({ ...plan, waves, movers, hold }, steps, wave, aside))
    await hold(mover => (former.get(mover) ? earlier : stay(mover)))
    const words = `It is rolled back. Version before: ${wave.join(', ')}.`
    return { back: true, words: [words, ...others].join(' ') }
  } catch (error) {
    job.signal.throwIfAborted()
    return { back: false, words: `Rolling it back did not come to its end: ${messageOf(error)}` }
  }
}

function voyageOf(
  { movers, placement, writer }: Fleet,
  steps: readonly Step[],
  only: readonly string[],
  held: (mover: Mover) => readonly string[],
): Voyage {
  const holds = new Map(movers.map(mover => [mover.name, held(mover)]))
  return { templates: steps.map(step => latestOf(step, writer)), placement, only, held: holds }
}
