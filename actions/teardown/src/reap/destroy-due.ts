import { LeaseHeldError, messageOf } from '@meridian/runner'
import { destroyEnvironment, type Outcome } from '../destroy.ts'
import { listFound } from '../summary.ts'
import { surveyEnvironment } from '../survey.ts'
import type { Work } from '../work.ts'
import { type Candidate, nameOf } from './candidate.ts'
import { isOfCluster } from './claims.ts'
import { eachDue } from './each-due.ts'
import type { Environment } from './environments.ts'
import type { AskState } from './judge-environment.ts'
import { judgeEnvironment, tellVerdict, type Verdict } from './judge-environment.ts'
import type { LookAgain } from './look-afresh.ts'
import { planPasses } from './passes.ts'
import { readAgain } from './read-claims.ts'

/** How it ended with one environment. */
type End = Outcome & { readonly stays?: true }

const nothing: Outcome = { leaks: [], problems: [] }

/** What is asked once more before something goes. Neither may remember what was said before. */
type Question = { readonly ask: AskState; readonly lookAgain: LookAgain }

/**
 * Destroys environments, several at a time; `gone` are those of which nothing is left. What goes wrong with one keeps none of
 * the others on the bill.
 */
export async function destroyDue(
  work: Work,
  due: readonly Candidate[],
  question: Question,
): Promise<Outcome & { readonly gone: readonly Candidate[] }> {
  const { results, problems } = await eachDue(work, due, async (narrowed, candidate) => {
    work.job.log.info(`Destroying ${nameOf(candidate)}: ${candidate.verdict.reason}.`)
    return { candidate, ...(await destroyPasses(narrowed, candidate.environment, question)) }
  })
  return {
    leaks: results.flatMap(({ leaks }) => leaks),
    problems: [...problems, ...results.flatMap(outcome => outcome.problems)],
    gone: results.flatMap(({ candidate, stays, leaks, problems }) =>
      stays || leaks.length > 0 || problems.length > 0 ? [] : [candidate],
    ),
  }
}

/** What is in one federation after what is in another; the rest stays where something went wrong. */
async function destroyPasses(work: Work, environment: Environment, question: Question): Promise<End> {
  let outcome: End = nothing
  for (const inputs of await planPasses(work, environment)) {
    if (outcome.stays || outcome.problems.length > 0) break
    outcome = await destroyUnlessWanted({ ...work, inputs }, environment, question)
  }
  return outcome
}

/** Leaves it to the next run if another one works on it, or wants it to live on. */
async function destroyUnlessWanted(work: Work, environment: Environment, question: Question): Promise<End> {
  const { job, ledger, inputs } = work
  const survey = await surveyEnvironment(work)
  const found = listFound(survey, inputs.scope)
  for (const thing of found) ledger.found(thing)
  for (const notice of survey.notices) job.log.info(notice)
  const leaveIt = (why: string): End => {
    for (const thing of found) ledger.forget(thing)
    job.log.warning(`It stays for now: ${why}`)
    return { ...nothing, stays: true }
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
  return tellVerdict(
    environment,
    judgeEnvironment({ claims, doubts: environment.doubts }, Date.now(), states),
  )
}
