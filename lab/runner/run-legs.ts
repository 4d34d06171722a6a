import type { Finished } from './job-results.ts'
import type { Combination, Strategy } from './matrix.ts'
import type { JobRun } from './run-report.ts'

export type Leg = { leg: Combination | undefined; index: number }

/** How a leg ended; `runs` are more than one when it called a workflow. */
export type LegEnd = Finished & { runs: JobRun[] }

/** Where in the matrix a leg that has ended stands. */
export type EndedLeg = LegEnd & { index: number }

export type LegWork = {
  run(leg: Leg, signal: AbortSignal): Promise<LegEnd>
  /** What is recorded for a leg that was cancelled before it began. */
  cancelled(leg: Leg): LegEnd
}

/**
 * Runs the legs of a matrix, at most `maxParallel` at once. With fail-fast the first failure cancels the legs that
 * run and those that wait. Resolves to the ends in the order in which they came.
 */
export async function runLegs(strategy: Strategy, work: LegWork, signal: AbortSignal): Promise<EndedLeg[]> {
  const failure = new AbortController()
  const stop = AbortSignal.any([signal, failure.signal])
  const waiting = strategy.legs.map((leg, index) => ({ leg, index }))
  const ended: EndedLeg[] = []
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const end = stop.aborted ? work.cancelled(next) : await work.run(next, stop)
      ended.push({ ...end, index: next.index })
      if (strategy.failFast && end.result === 'failure') failure.abort()
    }
  }
  const workers = Math.min(strategy.maxParallel, strategy.legs.length)
  await Promise.all(Array.from({ length: workers }, worker))
  return ended
}
