import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '@meridian/runner'
import { findTool, kopsRequest } from '@meridian/tools'
import type { Work } from '../work.ts'
import { type Candidate, nameOf } from './candidate.ts'
import { prefixLog } from './prefix-log.ts'
import { settleEach } from './settle-each.ts'

/** Each runs kops for all its clusters at the same time, and GitHub's runners have 7 GB of memory at least. */
const environmentsAtOnce = 5

/**
 * Does something with each environment that is due, as its own teardown would have it, several at a time. What goes wrong
 * with one is a problem, and stops none of the others.
 */
export async function eachDue<T>(
  work: Work,
  due: readonly Candidate[],
  act: (work: Work, candidate: Candidate) => Promise<T>,
): Promise<{ readonly results: readonly T[]; readonly problems: readonly string[] }> {
  if (due.length === 0) return { results: [], problems: [] }
  const problems: string[] = []
  const note = (what: string) => (error: unknown) => {
    work.job.signal.throwIfAborted()
    problems.push(`${what}: ${messageOf(error)}`)
  }
  const ready = await withKops(work).catch(note('no environment can be destroyed without kops'))
  if (ready === undefined) return { results: [], problems }
  const actOn = async (candidate: Candidate) => act(await narrow(ready, candidate), candidate)
  const ends = await settleEach(
    due,
    candidate => actOn(candidate).then(result => [result], note(nameOf(candidate))),
    environmentsAtOnce,
  )
  return { results: ends.flatMap(end => end ?? []), problems }
}

/** One download of kops is enough for all. */
async function withKops(work: Work): Promise<Work> {
  const kops = await findTool({ name: 'kops', ...kopsRequest(work.inputs) }, work.job)
  return { ...work, inputs: { ...work.inputs, kopsPath: kops.path } }
}

/** The work on one environment, in all its passes. */
async function narrow(work: Work, candidate: Candidate): Promise<Work> {
  const { identity } = candidate.environment
  const { job, account } = work
  const scratch = await mkdtemp(join(await job.scratch(), 'environment-'))
  return {
    ...work,
    identity: { ...identity, account },
    // Clusters of two environments may have the same alias, by which files are called.
    job: { ...job, log: prefixLog(job.log, nameOf(candidate)), scratch: async () => scratch },
  }
}
