import { route53 } from '@meridian/aws'
import { findZone } from '@meridian/dns'
import { ownerOf } from '@meridian/identity'
import { describeLeak, describePrice, totalCost } from '@meridian/inventory'
import { messageOf, UserError } from '@meridian/runner'
import { LeaseHeldError } from '@meridian/state'
import { askPullRequest } from './ask-pull-request.ts'
import { destroyEnvironment, type Outcome } from './destroy.ts'
import { describeIdentity, type Environment } from './environment.ts'
import { lookForRemains } from './find-leaks.ts'
import { judgeEnvironment, pullRequestOf, type Verdict } from './judge-environment.ts'
import { describeThing } from './ledger.ts'
import { listEnvironments, readMarkedBucket } from './list-environments.ts'
import { findOrphanGroups, type OrphanGroup } from './orphan-records.ts'
import { type Candidate, describeCandidate, renderReaping } from './reap-summary.ts'
import { removeRecords } from './remove-records.ts'
import { listFound } from './summary.ts'
import { surveyEnvironment } from './survey.ts'
import type { Work } from './work.ts'

/**
 * Destroys every environment that has expired or whose pull request is closed, one after the other, and removes
 * records that were left behind. One that another run works on stays for the next time.
 */
export async function reap(work: Work): Promise<void> {
  const { inputs, job, ledger } = work
  const { environments, owners, notices, problems: unread } = await listEnvironments(work)
  const candidates = await Promise.all(environments.map(environment => judge(work, environment)))
  for (const notice of notices) job.log.warning(notice)
  for (const candidate of candidates) {
    if (candidate.verdict.doubt) job.log.warning(describeCandidate(candidate))
    else job.log.info(describeCandidate(candidate))
  }
  const due = candidates.filter(({ verdict }) => verdict.due)
  const orphans = await findOrphans(work, owners)
  if (inputs.dryRun) {
    job.output('clean', due.length + orphans.length === 0)
    job.summary(renderReaping({ candidates, orphans, dryRun: true, problems: unread }))
    return
  }
  refuseTooMany(due, inputs.maxClusters)
  const outcomes: Outcome[] = []
  try {
    for (const candidate of due) outcomes.push(await destroyOne(work, candidate.environment))
    outcomes.push({ leaks: [], problems: await removeOrphans(work, orphans) })
  } finally {
    for (const thing of ledger.remaining) job.exists(describeThing(thing))
  }
  const leaks = outcomes.flatMap(outcome => outcome.leaks)
  const problems = [
    ...unread,
    ...outcomes.flatMap(outcome => outcome.problems),
    ...leaks.map(leak => `left over: ${describeLeak(leak)}`),
  ]
  job.output('leaks', leaks)
  job.output('clean', problems.length === 0)
  job.summary(renderReaping({ candidates, orphans, dryRun: false, problems }))
  if (problems.length > 0) throw explainFailures(problems, totalCost(leaks))
}

async function judge(work: Work, environment: Environment): Promise<Candidate> {
  const { aws } = work
  const [verdict, ...leaks] = await Promise.all([
    decide(work, environment),
    ...environment.clusters.map(({ fullName, region }) => lookForRemains({ aws }, fullName, region)),
  ])
  return { environment, verdict, hourlyCost: totalCost(leaks.flat()) }
}

async function decide({ job, inputs }: Work, environment: Environment): Promise<Verdict> {
  const pullRequest = pullRequestOf(environment)
  const state = pullRequest && (await askPullRequest(job, inputs.githubToken, pullRequest))
  return judgeEnvironment(environment, Date.now(), state)
}

async function findOrphans({ aws, inputs }: Work, owners: ReadonlySet<string>): Promise<OrphanGroup[]> {
  if (!inputs.scope.has('dns')) return []
  const zone = await findZone(route53(aws), { fqdn: inputs.domain, domain: inputs.domain }, inputs.zoneId)
  return findOrphanGroups(aws, zone, inputs.domain, owners)
}

function refuseTooMany(due: readonly Candidate[], most: number): void {
  const clusters = due.flatMap(({ environment }) => environment.clusters)
  if (clusters.length <= most) return
  const names = due.map(({ environment }) => describeIdentity(environment.identity)).join(', ')
  throw new UserError(
    `${clusters.length} clusters are to be deleted, but max-clusters is ${most}: ${names}`,
    {
      fix: 'Look at the list with dry-run: true. If all of it is to go, raise max-clusters. Nothing was deleted.',
      input: 'max-clusters',
    },
  )
}

/** Destroys one environment. What goes wrong with it must not keep the next one on the bill. */
async function destroyOne(work: Work, environment: Environment): Promise<Outcome> {
  const { job } = work
  const name = describeIdentity(environment.identity)
  try {
    return await job.log.group(`Destroying ${name}`, () =>
      destroyUnlessWanted(narrow(work, environment), environment),
    )
  } catch (error) {
    job.signal.throwIfAborted()
    return { leaks: [], problems: [`${name}: ${messageOf(error)}`] }
  }
}

/** Leaves it to the next run if another one works on it, or wants it to live on. */
async function destroyUnlessWanted(work: Work, environment: Environment): Promise<Outcome> {
  const { job, ledger, inputs } = work
  const survey = await surveyEnvironment(work)
  const found = listFound(survey, inputs.scope)
  for (const thing of found) ledger.found(thing)
  const leaveIt = (why: string) => {
    for (const thing of found) ledger.forget(thing)
    job.log.warning(`${describeIdentity(environment.identity)} stays for now: ${why}`)
    return { leaks: [], problems: [] }
  }
  try {
    let verdict: Verdict | undefined
    const outcome = await destroyEnvironment(work, survey, async () => {
      verdict = await judgeAgain(work, environment)
      return verdict.due
    })
    return verdict?.due === false ? leaveIt(verdict.reason) : outcome
  } catch (error) {
    if (error instanceof LeaseHeldError) return leaveIt(messageOf(error))
    throw error
  }
}

/** The work on one environment, as its own teardown would have it; it does not wait for others. */
function narrow(work: Work, { identity, clusters }: Environment): Work {
  const inputs = {
    ...work.inputs,
    ...identity,
    environment: identity.environment,
    clusters,
    host: undefined,
    owner: ownerOf(identity),
    leaseTimeout: 0,
  }
  return { ...work, inputs }
}

/** Asks again under the lease: whoever had it before may have prolonged the environment's life. */
async function judgeAgain(work: Work, environment: Environment): Promise<Verdict> {
  const found = await Promise.all(
    environment.buckets.map(({ name, region }) => readMarkedBucket(work, name, region)),
  )
  const buckets = found.flatMap(bucket => bucket ?? [])
  if (buckets.length === 0) return { due: true, reason: 'its buckets are gone' }
  return decide(work, { ...environment, buckets })
}

async function removeOrphans(work: Work, orphans: readonly OrphanGroup[]): Promise<string[]> {
  const { job, aws, inputs } = work
  if (orphans.length === 0) return []
  const zone = await findZone(route53(aws), { fqdn: inputs.domain, domain: inputs.domain }, inputs.zoneId)
  const problems: string[] = []
  for (const { fqdn, owner } of orphans) {
    try {
      await removeRecords({ ...work, inputs: { ...inputs, owner } }, zone, [fqdn])
    } catch (error) {
      job.signal.throwIfAborted()
      problems.push(`${fqdn}: ${messageOf(error)}`)
    }
  }
  return problems
}

function explainFailures(problems: readonly string[], hourlyCost: number): UserError {
  const total = hourlyCost > 0 ? [`Together: ${describePrice(hourlyCost)}.`] : []
  const lines = [...problems.map(problem => `- ${problem}`), ...total]
  return new UserError(`not everything that nobody wants is deleted:\n${lines.join('\n')}`, {
    fix: 'The next run tries again. What it names a second time must be looked at.',
  })
}
