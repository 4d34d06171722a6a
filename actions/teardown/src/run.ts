import { type SignIn, signInOnce } from '@meridian/aws'
import { describeIdentity, identityOf } from '@meridian/identity'
import { describeLeak, describePrice, type Leak, totalCost } from '@meridian/inventory'
import { type Job, UserError } from '@meridian/runner'
import { destroyEnvironment, type Outcome } from './destroy.ts'
import { type Inputs, needsAccount } from './inputs.ts'
import { describeThing, openLedger, type Thing } from './ledger.ts'
import { reap } from './reap/reap.ts'
import { listFound, renderOutcome, renderPlan } from './summary.ts'
import { type Survey, surveyEnvironment } from './survey.ts'
import type { Work } from './work.ts'

/** One environment is destroyed, or all that nobody wants any more. */
export async function run(inputs: Inputs, job: Job, signIn: SignIn = signInOnce(job, inputs)): Promise<void> {
  const aws = await signIn()
  const account = needsAccount(inputs) ? await aws.account() : ''
  const identity = { ...identityOf(inputs, job.run), ...(account && { account }) }
  const work: Work = { inputs, job, aws, identity, account, ledger: openLedger(job), leases: new Map() }
  job.output('leaks', [])
  await (inputs.mode === 'reap' ? reap(work) : destroy(work))
}

async function destroy(work: Work): Promise<void> {
  const { inputs, job, ledger } = work
  const survey = await surveyEnvironment(work)
  const found = listFound(survey, inputs.scope)
  job.log.info(
    found.length === 0 ? 'Nothing was found by name.' : `Found: ${found.map(describeThing).join(', ')}.`,
  )
  for (const notice of survey.notices) job.log.info(notice)
  for (const { cluster, object, what } of survey.footprint)
    job.log.info(`In ${cluster}, ${object} is ${what}.`)
  if (inputs.dryRun) {
    job.output('clean', found.length === 0)
    job.summary(renderPlan(survey, inputs.scope))
    return
  }
  for (const thing of found) ledger.found(thing)
  if (found.length > 0)
    job.advice('Run teardown again with the same inputs: it goes on where it stopped.', 'unless-told')
  try {
    report(work, survey, await destroyEnvironment(work, survey))
  } finally {
    for (const thing of ledger.remaining) job.exists(describeThing(thing))
  }
}

function report({ job, ledger, identity }: Work, { notices }: Survey, { leaks, problems }: Outcome): void {
  job.output('leaks', leaks.map(describeOutput))
  const { gone, remaining } = ledger
  const clean = leaks.length === 0 && remaining.length === 0 && problems.length === 0
  job.output('clean', clean)
  job.summary(renderOutcome(describeIdentity(identity), { gone, remaining, leaks, problems, notices }))
  if (!clean) throw explainRest({ leaks, problems }, remaining)
  const count = gone.length
  job.log.info(count === 0 ? 'There was nothing to delete.' : `Nothing is left; deleted: ${count}.`)
}

/** Tags are for judging it, and may be long. */
function describeOutput({ tags: _, ...leak }: Leak): Leak {
  return leak
}

/** An annotation has room for so many; all of them are in the output and the summary. */
const most = 12

/** One error for everything that is left, with what it costs. Pure. */
export function explainRest({ leaks, problems }: Outcome, remaining: readonly Thing[] = []): UserError {
  // What went wrong, or is left over, says more than what was to go.
  const silent = problems.length + leaks.length === 0 ? remaining.slice(0, most) : []
  const lines = [
    ...silent.map(thing => `- not deleted: ${describeThing(thing)}`),
    ...problems.map(problem => `- ${problem}`),
    ...leaks.slice(0, most).map(leak => `- left over: ${describeLeak(leak)}`),
    ...(leaks.length > most ? [`- and ${leaks.length - most} more: see the job summary`] : []),
    ...(leaks.length > 1 && totalCost(leaks) > 0 ? [`Together: ${describePrice(totalCost(leaks))}.`] : []),
  ]
  return new UserError(`not everything is deleted:\n${lines.join('\n')}`, {
    fix: 'Run teardown again with the same inputs: it goes on where it stopped. What it names a second time must be deleted by hand.',
  })
}
