import { LeaseHeldError, messageOf } from '@meridian/runner'
import { destroyEnvironment, type Outcome } from '../destroy.ts'
import { listFound } from '../summary.ts'
import { surveyEnvironment } from '../survey.ts'
import type { Work } from '../work.ts'
import { type Candidate, nameOf } from './candidate.ts'
import { eachDue } from './each-due.ts'
import type { Environment } from './environments.ts'
import { judgeEnvironment, type Verdict } from './judge-environment.ts'
import type { AskState } from './ownerless-records.ts'
import { readAgain } from './read-claims.ts'

const nothing: Outcome = { leaks: [], problems: [] }

/**
 * Destroys environments, several at a time. What goes wrong with one keeps none of the others on the bill. `ask` must not
 * remember what GitHub has said before.
 */
export async function destroyDue(work: Work, due: readonly Candidate[], ask: AskState): Promise<Outcome> {
  const { results, problems } = await eachDue(work, due, (narrowed, candidate) => {
    work.job.log.info(`Destroying ${nameOf(candidate)}: ${candidate.verdict.reason}.`)
    return destroyUnlessWanted(narrowed, candidate.environment, ask)
  })
  return {
    leaks: results.flatMap(({ leaks }) => leaks),
    problems: [...problems, ...results.flatMap(outcome => outcome.problems)],
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

/** Asks again under the lease: whoever had it before may have prolonged the environment's life. */
async function judgeAgain(work: Work, environment: Environment, ask: AskState): Promise<Verdict> {
  const seen = await Promise.all(environment.claims.map(claim => readAgain(work, claim)))
  const claims = seen.flatMap(claim => claim ?? [])
  if (claims.length === 0) return { due: true, reason: 'its claims are gone' }
  const states = await Promise.all(claims.map(({ mark }) => ask(mark)))
  return judgeEnvironment({ claims, doubts: environment.doubts }, Date.now(), states)
}
