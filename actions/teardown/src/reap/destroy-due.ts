import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { LeaseHeldError, messageOf } from '@meridian/runner'
import { findTool, kopsRequest } from '@meridian/tools'
import { destroyEnvironment, type Outcome } from '../destroy.ts'
import { listFound } from '../summary.ts'
import { surveyEnvironment } from '../survey.ts'
import type { Work } from '../work.ts'
import { type Candidate, nameOf } from './candidate.ts'
import { isOfCluster } from './claims.ts'
import type { Environment } from './environments.ts'
import { judgeEnvironment, type Verdict } from './judge-environment.ts'
import type { LookAgain } from './look-afresh.ts'
import type { AskState } from './ownerless-records.ts'
import { planPasses } from './passes.ts'
import { prefixLog } from './prefix-log.ts'
import { readAgain } from './read-claims.ts'
import { settleEach } from './settle-each.ts'

/** Each runs kops for all its clusters at the same time, and GitHub's runners have 7 GB of memory at least. */
const environmentsAtOnce = 5

const nothing: Outcome = { leaks: [], problems: [] }

/** What is asked once more before something goes. Neither may remember what was said before. */
type Question = { readonly ask: AskState; readonly lookAgain: LookAgain }

/** Destroys environments, several at a time. What goes wrong with one keeps none of the others on the bill. */
export async function destroyDue(
  work: Work,
  due: readonly Candidate[],
  question: Question,
): Promise<Outcome> {
  if (due.length === 0) return nothing
  let ready: Work
  try {
    ready = await withKops(work)
  } catch (error) {
    work.job.signal.throwIfAborted()
    return { leaks: [], problems: [`no environment can be destroyed without kops: ${messageOf(error)}`] }
  }
  const outcomes = await settleEach(due, destroyOne(ready, question), environmentsAtOnce)
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
  (work: Work, question: Question) =>
  async (candidate: Candidate): Promise<Outcome> => {
    const name = nameOf(candidate)
    work.job.log.info(`Destroying ${name}: ${candidate.verdict.reason}.`)
    try {
      return await destroyPasses(await narrow(work, candidate), candidate.environment, question)
    } catch (error) {
      work.job.signal.throwIfAborted()
      return { leaks: [], problems: [`${name}: ${messageOf(error)}`] }
    }
  }

/** What is in one federation after what is in another; the rest stays where something went wrong. */
async function destroyPasses(work: Work, environment: Environment, question: Question): Promise<Outcome> {
  let outcome = nothing
  for (const inputs of await planPasses(work, environment)) {
    if (outcome.problems.length > 0) break
    outcome = await destroyUnlessWanted({ ...work, inputs }, environment, question)
  }
  return outcome
}

/** Leaves it to the next run if another one works on it, or wants it to live on. */
async function destroyUnlessWanted(
  work: Work,
  environment: Environment,
  question: Question,
): Promise<Outcome> {
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
      verdict = await judgeAgain(work, environment, question)
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

/**
 * Asks again under the leases: whoever had one before may have prolonged the environment's life, or have made another
 * cluster of it, on which there is no lease.
 */
async function judgeAgain(
  work: Work,
  environment: Environment,
  { ask, lookAgain }: Question,
): Promise<Verdict> {
  const ofClusters = environment.claims.filter(isOfCluster)
  const [seen, { tenants, joined }] = await Promise.all([
    Promise.all(ofClusters.map(claim => readAgain(work, claim))),
    lookAgain(environment),
  ])
  const [more] = joined
  if (more !== undefined) return { due: false, reason: more }
  const claims = [...seen.flatMap(claim => claim ?? []), ...tenants]
  if (claims.length === 0) return { due: true, reason: 'its claims are gone' }
  const states = await Promise.all(claims.map(({ mark }) => ask(mark)))
  return judgeEnvironment({ claims, doubts: environment.doubts }, Date.now(), states)
}
