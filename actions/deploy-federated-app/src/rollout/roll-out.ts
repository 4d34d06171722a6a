import { readPlacement } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { type Job, messageOf, TimeoutError, UserError } from '@meridian/runner'
import { apply, latestOf, type Writer } from '../apply/apply.ts'
import type { AppPlacement } from '../placement/app-placement.ts'
import { firstPropagated } from '../plan/build-desired.ts'
import type { Step } from '../plan/plan.ts'
import { LastingError } from '../status/lasting-failures.ts'
import { type AppTarget, waitForApp } from '../status/wait-for-app.ts'
import { renderWaves } from '../summary.ts'
import { changeSuspended, suspendedEverywhere } from './change-suspended.ts'
import { listSuspendedChanges, needsSuspension } from './plan-suspended-changes.ts'
import {
  formerStaged,
  holdUntil,
  listStaged,
  newcomersOf,
  placementIn,
  type StagedTemplate,
} from './plan-waves.ts'
import { createSuspender, type Suspend } from './suspend-dispatching.ts'

export type RollOut = {
  steps: readonly Step[]
  placement: AppPlacement
  /** Clusters by wave, and every cluster of the placement in one; undefined where all are changed at once. */
  waves?: readonly string[][] | undefined
  writer: Writer
  /** Milliseconds for each wave to become healthy. */
  patience: number
  /** Told of a wave that did not become healthy, before it is rolled back. */
  onStuck(target: AppTarget): Promise<void>
}

type StagedRollOut = RollOut & {
  staged: readonly StagedTemplate[]
  waves: readonly string[][]
  suspend: Suspend
}

/**
 * Applies the plan. In waves changes reach one wave of regions after the other, each once the one before is healthy: the
 * policies hold back later regions (`suspension.dispatchingOnClusters`), which keep what they have, and let go of a wave
 * at a time. A wave that does not become healthy is rolled back and ends the run with a UserError; later ones are not
 * touched. Workloads that Karmada would change in several steps are held back everywhere until it has divided them (see
 * `needsSuspension`). In the end the policies hold back nothing.
 */
export async function rollOut(job: Job, federation: Kube, plan: RollOut): Promise<void> {
  const { steps, writer, waves } = plan
  const staged = waves ? listStaged(steps) : listSuspendedChanges(steps)
  if (staged.length === 0) return apply(job, federation, steps, writer)
  const suspended = staged.filter(needsSuspension)
  const atOnce = new Set(suspended)
  const later = new Set(staged.flatMap(one => (atOnce.has(one) ? [one.policy, one.template] : one.policy)))
  const others = steps.filter(step => !later.has(step))
  const before = others.filter(({ tier }) => tier < firstPropagated)
  const suspend = createSuspender(job, federation, writer, { isStrict: waves !== undefined })
  await apply(job, federation, before, writer)
  await suspend(staged, one =>
    atOnce.has(one) ? suspendedEverywhere : { held: holdUntil(one, waves ?? [], 0) },
  )
  await apply(
    job,
    federation,
    others.filter(({ tier }) => tier >= firstPropagated),
    writer,
  )
  await changeSuspended(job, federation, suspended, { suspend, writer })
  if (waves) await rollOutWaves(job, federation, { ...plan, staged, waves, suspend })
  else await suspend(staged, () => ({ held: [] }))
}

async function rollOutWaves(job: Job, federation: Kube, stage: StagedRollOut): Promise<void> {
  const { staged, waves, suspend } = stage
  for (const [at, wave] of waves.entries()) {
    const held = (one: StagedTemplate) => holdUntil(one, waves, at)
    job.log.info(`Wave ${at + 1} of ${waves.length}: ${wave.join(', ')}`)
    await suspend(staged, one => ({ held: held(one) }))
    const target = targetOf(stage, wave, held)
    // A third of what time is left is kept for the way back.
    const timeout = Math.min(stage.patience, ((job.deadline - Date.now()) * 2) / 3)
    try {
      await waitForApp(job, federation, target, { timeout })
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error
      await stage.onStuck(target)
      const outcome = await rollBack(job, federation, stage, at)
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
async function rollBack(
  job: Job,
  federation: Kube,
  stage: StagedRollOut,
  at: number,
): Promise<{ back: boolean; words: string }> {
  const { waves, suspend } = stage
  const wave = waves[at] ?? []
  const earlier = waves.slice(0, at).flat()
  const later = waves.slice(at + 1).flat()
  const newcomers = stage.staged.flatMap(({ placedBefore, policy }) =>
    newcomersOf(placedBefore, placementIn(policy.object)),
  )
  const settled = earlier.filter(name => newcomers.includes(name))
  const share = settled.length > 0 ? ` (in ${settled.join(', ')} for the first time, with its share)` : ''
  const others = [
    ...(earlier.length > 0 ? [`New version: ${earlier.join(', ')}${share}.`] : []),
    ...(later.length > 0 ? [`Not touched: ${later.join(', ')}.`] : []),
  ]
  const staged = stage.staged.flatMap(one => formerStaged(one, earlier) ?? [])
  if (staged.length === 0) {
    const words = 'There is no version before it to go back to; the rollout is held where it is.'
    return { back: false, words: [words, ...others].join(' ') }
  }
  job.log.info(`Going back to the version before in ${wave.join(', ')}`)
  const aside = [...earlier, ...later]
  const suspended = staged.filter(needsSuspension)
  const steps = staged.flatMap(one => (suspended.includes(one) ? [] : one.template))
  // What is refused on the way back is told with it: the waves before keep what they have.
  const writer = { ...stage.writer, adopt: false, refused: new Set<string>() }
  try {
    await suspend(staged, one => (suspended.includes(one) ? suspendedEverywhere : { held: aside }))
    await apply(job, federation, steps, writer)
    await changeSuspended(job, federation, suspended, { suspend, writer })
    await suspend(staged, () => ({ held: aside }))
    await waitForApp(
      job,
      federation,
      targetOf({ ...stage, staged }, wave, () => aside),
    )
    await suspend(staged, () => ({ held: earlier }))
    const words = `It is rolled back. Version before: ${wave.join(', ')}.`
    return { back: true, words: [words, ...others].join(' ') }
  } catch (error) {
    job.signal.throwIfAborted()
    return { back: false, words: `Rolling it back did not come to its end: ${messageOf(error)}` }
  }
}

function targetOf(
  { staged, placement, writer }: StagedRollOut,
  only: readonly string[],
  held: (one: StagedTemplate) => readonly string[],
): AppTarget {
  const each = staged.flatMap(({ name, policy }) => {
    const placed = readPlacement(placementIn(policy.object))
    return placed ? [[name, placed] as const] : []
  })
  return {
    templates: staged.map(({ template }) => latestOf(template, writer)),
    placement: { ...placement, each: new Map(each) },
    only,
    held: new Map(staged.map(one => [one.name, held(one)])),
  }
}
