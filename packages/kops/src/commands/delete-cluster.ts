import { formatDuration, type Job, retry, TimeoutError } from '@meridian/runner'
import { ToolFailure } from '@meridian/tools'
import { deleteArguments, type KopsCluster } from './arguments.ts'
import type { Kops } from './connect.ts'
import { explainKops, kopsFailure } from './failures.ts'
import { type Deletion, describeBlocked, readDeletion } from './parse-deletion.ts'

export type DeleteOptions = {
  /** Milliseconds for all of it, repetitions included. */
  readonly wait: number
  /** Gets a sentence whenever what still blocks the deletion changes, and the resources as `type:id`. */
  readonly onBlocked?: (sentence: string, blocked: readonly string[]) => void
}

const attempts = 4
/** kops looks at its own deadline only between two rounds. */
const graceMilliseconds = 60_000
const leastMilliseconds = 30_000

/**
 * Deletes a cluster with all its cloud resources, and its state; `absent` if the state store does not have it.
 * kops deletes the state last, so this may be repeated.
 */
export async function deleteCluster(
  kops: Kops,
  cluster: KopsCluster,
  job: Pick<Job, 'signal' | 'deadline' | 'log'>,
  options: DeleteOptions,
): Promise<'deleted' | 'absent'> {
  const end = Math.min(job.deadline, Date.now() + options.wait)
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(hanging(cluster, options.wait)), options.wait + graceMilliseconds)
  const signal = AbortSignal.any([job.signal, late.signal])
  const onLine = watchDeletion(options.onBlocked)
  try {
    await retry(
      { ...job, signal, deadline: end },
      {
        what: `kops delete cluster ${cluster.fullName}`,
        attempt: () => {
          const left = Math.max(leastMilliseconds, end - Date.now())
          return kops.run(cluster.fullName, deleteArguments(cluster, left), { onLine, signal })
        },
        // What the machine killed may go on where it stopped; what this run stopped ends with its signal's reason.
        retryable: error => kopsFailure(error)?.retryable === true || wasKilled(error),
        most: attempts,
      },
    )
    return 'deleted'
  } catch (error) {
    if (kopsFailure(error)?.category === 'absent') return 'absent'
    throw explainKops(error)
  } finally {
    clearTimeout(timer)
  }
}

function wasKilled(error: unknown): boolean {
  return error instanceof ToolFailure && error.signal !== undefined
}

function hanging({ fullName }: KopsCluster, wait: number): TimeoutError {
  return new TimeoutError(`kops was still deleting ${fullName} after ${formatDuration(wait)}`, {
    fix: 'Run teardown again: it goes on where this stopped.',
  })
}

function watchDeletion(onBlocked: DeleteOptions['onBlocked']): (text: string) => void {
  let known: Deletion = { deleted: 0, blocked: [] }
  let said = ''
  return text => {
    known = readDeletion(known, text) ?? known
    if (!/^Not all resources deleted/.test(text.trim()) || known.blocked.length === 0) return
    const sentence = describeBlocked(known)
    if (sentence !== said) onBlocked?.(sentence, known.blocked)
    said = sentence
  }
}
