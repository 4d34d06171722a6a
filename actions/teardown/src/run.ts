import { connectAws } from '@meridian/aws'
import { type Job, UserError } from '@meridian/runner'
import { clearFederation } from './clear-federation.ts'
import { deleteClusters } from './delete-clusters.ts'
import { findLeaks } from './find-leaks.ts'
import type { Inputs } from './inputs.ts'
import { describeLeak, describePrice, type Leak } from './leak.ts'
import { describeThing, openLedger } from './ledger.ts'
import { purgeState } from './purge-state.ts'
import { reachClusters } from './reach-clusters.ts'
import { removeRecords } from './remove-records.ts'
import { listFound, renderOutcome, renderPlan } from './summary.ts'
import { type Survey, surveyEnvironment } from './survey.ts'
import type { Work } from './work.ts'

/** The road back: names first, then what they led to, then what it ran on, and the state that finds it last. */
export async function run(inputs: Inputs, job: Job): Promise<void> {
  const aws = await connectAws(job, inputs)
  const work: Work = { inputs, job, aws, ledger: openLedger(job) }
  const survey = await surveyEnvironment(work)
  const found = listFound(survey, inputs.scope)
  job.log.info(
    found.length === 0 ? 'Nothing was found by name.' : `Found: ${found.map(describeThing).join(', ')}.`,
  )
  if (inputs.dryRun) {
    job.output('leaks', [])
    job.output('clean', found.length === 0)
    job.summary(renderPlan(found))
    return
  }
  for (const thing of found) work.ledger.found(thing)
  if (found.length > 0) job.advice('Run teardown again with the same inputs: it goes on where it stopped.')
  try {
    await tearDown(work, survey)
  } finally {
    for (const thing of work.ledger.remaining) job.exists(describeThing(thing))
  }
}

async function tearDown(work: Work, survey: Survey): Promise<void> {
  const { inputs, job, ledger } = work
  const { zone, records, clusters } = survey
  if (zone !== undefined) await removeRecords(work, zone, records)
  const problems: string[] = []
  if (clusters.some(({ configured }) => configured)) {
    const reached = await job.log.group('Reaching the clusters', () => reachClusters(work, clusters))
    problems.push(
      ...(await job.log.group('App and federation', () => clearFederation(work, clusters, reached))),
      ...(await job.log.group('Clusters', () => deleteClusters(work, clusters, reached))),
    )
  }
  const leaks = inputs.scope.has('clusters') ? await findLeaks(work) : []
  job.output('leaks', leaks)
  if (inputs.scope.has('state')) problems.push(...(await purgeState(work, clusters, leaks)))
  const clean = leaks.length === 0 && ledger.remaining.length === 0 && problems.length === 0
  job.output('clean', clean)
  job.summary(
    renderOutcome(inputs.owner, { gone: ledger.gone, remaining: ledger.remaining, leaks, problems }),
  )
  if (!clean) throw explainRest(problems, leaks)
  const count = ledger.gone.length
  job.log.info(count === 0 ? 'There was nothing to delete.' : `Nothing is left; deleted: ${count}.`)
}

/** One error for everything that is left, with what it costs. Pure. */
export function explainRest(problems: readonly string[], leaks: readonly Leak[]): UserError {
  const total = leaks.reduce((sum, leak) => sum + (leak.hourlyCost ?? 0), 0)
  const lines = [
    ...problems.map(problem => `- ${problem}`),
    ...leaks.map(leak => `- left over: ${describeLeak(leak)}`),
    ...(leaks.length > 1 ? [`Together: ${describePrice(total)}.`] : []),
  ]
  return new UserError(`not everything is deleted:\n${lines.join('\n')}`, {
    fix: 'Run teardown again with the same inputs: it goes on where it stopped. What it names a second time must be deleted by hand.',
  })
}
