import type { JobRun, Result } from './run-report.ts'

/** What `needs.<id>` shows of a finished job. */
export type Finished = { result: Result; outputs: Record<string, string> }

/** One result for all legs of a matrix. */
export function combineResults(results: readonly Result[]): Result {
  if (results.includes('failure')) return 'failure'
  if (results.includes('cancelled')) return 'cancelled'
  return results.length > 0 && results.every(result => result === 'skipped') ? 'skipped' : 'success'
}

/** Outputs of all legs in the order they ended: the last one that is not empty wins, as on GitHub. */
export function combineOutputs(runs: readonly Pick<JobRun, 'outputs'>[]): Record<string, string> {
  const combined: Record<string, string> = {}
  for (const { outputs } of runs) {
    for (const [name, value] of Object.entries(outputs)) {
      if (value !== '' || !(name in combined)) combined[name] = value
    }
  }
  return combined
}

/**
 * The status functions of a job's condition. They look at all ancestors, not only at direct needs: a job after a
 * skipped one does not run by default.
 */
export function statusOfAncestors(results: readonly Result[], cancelled: boolean) {
  return {
    success: () => !cancelled && results.every(result => result === 'success'),
    failure: () => results.includes('failure'),
    cancelled: () => cancelled,
    always: () => true,
  }
}

/** All jobs that a job depends on, directly or not. */
export function ancestorsOf(id: string, jobs: readonly { id: string; needs: readonly string[] }[]): string[] {
  const found = new Set<string>()
  const visit = (job: string): void => {
    for (const need of jobs.find(other => other.id === job)?.needs ?? []) {
      if (!found.has(need)) visit(need)
      found.add(need)
    }
  }
  visit(id)
  return [...found]
}
