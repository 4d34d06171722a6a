import { readPlacement } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { type Job, messageOf, TimeoutError, UserError } from '@meridian/runner'
import { apply, latestOf, type Writer } from '../apply/apply.ts'
import type { AppPlacement } from '../placement/app-placement.ts'
import { firstTravelling } from '../plan/build-desired.ts'
import type { Step } from '../plan/plan.ts'
import { LastingError } from '../status/lasting-failures.ts'
import { type Voyage, waitDone } from '../status/wait-for-app.ts'
import { renderWaves } from '../summary.ts'
import { heldWhole, shift } from './change-suspended.ts'
import { isShift, listShifts } from './plan-suspended-changes.ts'
import { formerMover, holdUntil, listMovers, type Mover, newcomersOf, placementIn } from './plan-waves.ts'
import { createHold, type Hold } from './suspend-dispatching.ts'

export type RollOut = {
  steps: readonly Step[]
  placement: AppPlacement
  /** Clusters by wave, and every cluster of the placement in one; undefined where all are changed at once. */
  waves?: readonly string[][] | undefined
  writer: Writer
  /** Milliseconds for each wave to become healthy. */
  patience: number
  /** Told of a wave that did not become healthy, before it is rolled back. */
  onStuck(voyage: Voyage): Promise<void>
}

type Fleet = RollOut & { movers: readonly Mover[]; waves: readonly string[][]; hold: Hold }

/**
 * Applies the plan. In waves changes reach one wave of regions after the other, each once the one before is healthy: the
 * policies hold back later regions (`suspension.dispatchingOnClusters`), which keep what they have, and let go of a wave
 * at a time. A wave that does not become healthy is rolled back and ends the run with a UserError; later ones are not
 * touched. Workloads that Karmada would change in several steps are held back everywhere until it has divided them (see
 * `isShift`). In the end the policies hold back nothing.
 */
export async function rollOut(job: Job, federation: Kube, plan: RollOut): Promise<void> {
  const { steps, writer, waves } = plan
  const movers = waves ? listMovers(steps) : listShifts(steps)
  if (movers.length === 0) return apply(job, federation, steps, writer)
  const shifts = movers.filter(isShift)
  const shifted = new Set(shifts)
  const later = new Set(
    movers.flatMap(mover => (shifted.has(mover) ? [mover.policy, mover.template] : mover.policy)),
  )
  const others = steps.filter(step => !later.has(step))
  const before = others.filter(({ tier }) => tier < firstTravelling)
  const hold = createHold(job, federation, writer, { isStrict: waves !== undefined })
  await apply(job, federation, before, writer)
  await hold(movers, mover => (shifted.has(mover) ? heldWhole : { held: holdUntil(mover, waves ?? [], 0) }))
  await apply(
    job,
    federation,
    others.filter(({ tier }) => tier >= firstTravelling),
    writer,
  )
  await shift(job, federation, shifts, { hold, writer })
  if (waves) await sail(job, federation, { ...plan, movers, waves, hold })
  else await hold(movers, () => ({ held: [] }))
}

async function sail(job: Job, federation: Kube, fleet: Fleet): Promise<void> {
  const { movers, waves, hold } = fleet
  for (const [at, wave] of waves.entries()) {
    const held = (mover: Mover) => holdUntil(mover, waves, at)
    job.log.info(`Wave ${at + 1} of ${waves.length}: ${wave.join(', ')}`)
    await hold(movers, mover => ({ held: held(mover) }))
    const voyage = voyageOf(fleet, wave, held)
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
 * Brings a wave's regions back to what they had before, placement and all. The waves before it keep the new version: they
 * are held while the templates go back, and regions among them that are new stay in the placement. What is new has no
 * version before, and is held where it is.
 */
async function turnBack(
  job: Job,
  federation: Kube,
  fleet: Fleet,
  at: number,
): Promise<{ back: boolean; words: string }> {
  const { waves, hold } = fleet
  const wave = waves[at] ?? []
  const earlier = waves.slice(0, at).flat()
  const later = waves.slice(at + 1).flat()
  const newcomers = fleet.movers.flatMap(({ placedBefore, policy }) =>
    newcomersOf(placedBefore, placementIn(policy.object)),
  )
  const settled = earlier.filter(name => newcomers.includes(name))
  const share = settled.length > 0 ? ` (in ${settled.join(', ')} for the first time, with its share)` : ''
  const others = [
    ...(earlier.length > 0 ? [`New version: ${earlier.join(', ')}${share}.`] : []),
    ...(later.length > 0 ? [`Not touched: ${later.join(', ')}.`] : []),
  ]
  const movers = fleet.movers.flatMap(mover => formerMover(mover, earlier) ?? [])
  if (movers.length === 0) {
    const words = 'There is no version before it to go back to; the rollout is held where it is.'
    return { back: false, words: [words, ...others].join(' ') }
  }
  job.log.info(`Going back to the version before in ${wave.join(', ')}`)
  const aside = [...earlier, ...later]
  const shifts = movers.filter(isShift)
  const steps = movers.flatMap(mover => (shifts.includes(mover) ? [] : mover.template))
  // What is refused on the way back is told with it: the waves before keep what they have.
  const writer = { ...fleet.writer, adopt: false, refused: new Set<string>() }
  try {
    await hold(movers, mover => (shifts.includes(mover) ? heldWhole : { held: aside }))
    await apply(job, federation, steps, writer)
    await shift(job, federation, shifts, { hold, writer })
    await hold(movers, () => ({ held: aside }))
    await waitDone(
      job,
      federation,
      voyageOf({ ...fleet, movers }, wave, () => aside),
    )
    await hold(movers, () => ({ held: earlier }))
    const words = `It is rolled back. Version before: ${wave.join(', ')}.`
    return { back: true, words: [words, ...others].join(' ') }
  } catch (error) {
    job.signal.throwIfAborted()
    return { back: false, words: `Rolling it back did not come to its end: ${messageOf(error)}` }
  }
}

function voyageOf(
  { movers, placement, writer }: Fleet,
  only: readonly string[],
  held: (mover: Mover) => readonly string[],
): Voyage {
  const each = movers.flatMap(({ name, policy }) => {
    const placed = readPlacement(placementIn(policy.object))
    return placed ? [[name, placed] as const] : []
  })
  return {
    templates: movers.map(({ template }) => latestOf(template, writer)),
    placement: { ...placement, each: new Map(each) },
    only,
    held: new Map(movers.map(mover => [mover.name, held(mover)])),
  }
}
