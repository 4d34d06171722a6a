import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { LeaseHeldError, messageOf } from '@meridian/runner'
import { findTool, kopsRequest } from '@meridian/tools'
import { destroyEnvironment, type Outcome } from '../destroy.ts'
import { listFound } from '../summary.ts'
import { surveyEnvironment } from '../survey.ts'
import type { Work } from '../work.ts'
import { type Candidate, nameOf } from './candidate.ts'
import type { Environment } from './environments.ts'
import { judgeEnvironment, type Verdict } from './judge-environment.ts'
import type { AskState } from './ownerless-records.ts'
import { prefixLog } from './prefix-log.ts'
import { readAgain } from './read-claims.ts'
import { settleEach } from './settle-each.ts'

/** Each runs kops for all its clusters at the same time, and GitHub's runners have 7 GB of memory at least. */
const environmentsAtOnce = 5

const nothing: Outcome = { leaks: [], problems: [] }

/**
 * Destroys environments, several at a time. What goes wrong with one keeps none of the others on the bill. `ask` must not
 * remember what GitHub has said before.
 */
export async function destroyDue(work: Work, due: readonly Candidate[], ask: AskState): Promise<Outcome> {
  if (due.length === 0) return nothing
  let ready: Work
  try {
    ready = await withKops(work)
  } catch (error) {
    work.job.signal.throwIfAborted()
    return { leaks: [], problems: [`no environment can be destroyed without kops: ${messageOf(error)}`] }
  }
  const outcomes = await settleEach(due, destroyOne(ready, ask), environmentsAtOnce)
  return {
    leaks: outcomes.flatMap(({ leaks }) => leaks),
    problems: outcomes.flatMap(({ problems }) => problems),
  }
}

/** One download of kops is enough for all. */
async function withKops(work: Work): Promise<Work> {
  const kops = await findTool({ name: 'kops', ...kopsRequest(work.inputs) }, work.job)
  return { ...work, inputs: { ...work.inputs, kopsPath: kops.path } }
}

const destroyOne =
  (work: Work, ask: AskState) =>
  async (candidate: Candidate): Promise<Outcome> => {
    const name = nameOf(candidate)
    work.job.log.info(`Destroying ${name}: ${candidate.verdict.reason}.`)
    try {
      return await destroyUnlessWanted(await narrow(work, candidate), candidate.environment, ask)
    } catch (error) {
      work.job.signal.throwIfAborted()
      return { leaks: [], problems: [`${name}: ${messageOf(error)}`] }
    }
  }

/** Leaves it to the next run if another one works on it, or wants it to live on. */
async function destroyUnlessWanted(work: Work, environment: Environment, ask: AskState): Promise<Outcome> {
  const { job, ledger, inputs } = work
  const survey = await surveyEnvironment(work)
  const found = listFound(survey, inputs.scope)
  for (const thing of found) ledger.found(thing)
  for (const notice of survey.notices) job.log.info(notice)
  const leaveIt = (why: string) => {
    for (const thing of found) ledger.forget(thing)
    job.log.warning(`It stays for now: ${why}`)
    return nothing
  }
  try {
    let verdict: Verdict | undefined
    const outcome = await destroyEnvironment(work, survey, async () => {
      verdict = await judgeAgain(work, environment, ask)
      return verdict.due
    })
    return verdict?.due === false ? leaveIt(verdict.reason) : outcome
  } catch (error) {
    if (error instanceof LeaseHeldError) return leaveIt(messageOf(error))
    throw error
  }
}

/** The work on one environment, as its own teardown would have it; it does not wait for others. */
async function narrow(work: Work, candidate: Candidate): Promise<Work> {
  const { identity, clusters, claims } = candidate.environment
  const { job, account } = work
  const { domain, environment } = identity
  const scratch = await mkdtemp(join(await job.scratch(), 'environment-'))
  return {
    ...work,
    identity: { ...identity, account },
    // Clusters of two environments may have the same alias, by which files are called.
    job: { ...job, log: prefixLog(job.log, nameOf(candidate)), scratch: async () => scratch },
    inputs: {
      ...work.inputs,
      domain,
      environment,
      clusters,
      host: undefined,
      recordNames: undefined,
      stateStoreAccount: claims[0]?.store.account,
      force: false,
      leaseTimeout: 0,
    },
  }
}

/** Asks again under the lease: whoever had it before may have prolonged the environment's life. */
async function judgeAgain(work: Work, environment: Environment, ask: AskState): Promise<Verdict> {
  const seen = await Promise.all(environment.claims.map(claim => readAgain(work, claim)))
  const claims = seen.flatMap(claim => claim ?? [])
  if (claims.length === 0) return { due: true, reason: 'its claims are gone' }
  const states = await Promise.all(claims.map(({ mark }) => ask(mark)))
  return judgeEnvironment({ claims, doubts: environment.doubts }, Date.now(), states)
}
