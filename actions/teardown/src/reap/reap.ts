import type { Mark } from '@meridian/identity'
import { describeLeak, describePrice, totalCost } from '@meridian/inventory'
import { messageOf, UserError } from '@meridian/runner'
import { lookForRemains } from '../find-leaks.ts'
import { describeThing } from '../ledger.ts'
import type { Work } from '../work.ts'
import { askPullRequest } from './ask-pull-request.ts'
import { type Candidate, describeCandidate, nameOf } from './candidate.ts'
import { chooseDue } from './choose-due.ts'
import { destroyDue } from './destroy-due.ts'
import type { Environment } from './environments.ts'
import { findEnvironments, type Listing } from './find-claims.ts'
import { judgeOrphans } from './find-orphans.ts'
import {
  type AskState,
  judgeEnvironment,
  type PullRequestState,
  pullRequestOf,
  tellVerdict,
} from './judge-environment.ts'
import { lookAfresh } from './look-afresh.ts'
import { type FoundRecords, findOwnerless, removeOwnerless } from './ownerless-records.ts'
import { rehearse } from './rehearse.ts'
import { readsAtOnce, settleEach } from './settle-each.ts'
import { type Facts, renderReaping } from './summary.ts'
import { tellEnvironments } from './tell-environments.ts'

/**
 * Destroys every environment of the wanted owners whose claims have all expired, or whose pull requests are closed, and
 * removes records that have lost their environment. One that another run works on stays for the next time.
 */
export async function reap(work: Work): Promise<void> {
  const { inputs, job, ledger } = work
  const seen = await look(work)
  tell(work, seen)
  const { facts, records } = seen
  if (inputs.dryRun) return show(work, seen)
  let outcome: Awaited<ReturnType<typeof destroyDue>>
  let left: string[] = []
  try {
    const lookAgain = lookAfresh(work, seen.listing)
    outcome = await destroyDue(work, facts.chosen, { ask: mark => askState(work, mark), lookAgain })
    if (records.zone !== undefined)
      left = await removeOwnerless(work, records.zone, records.judged.filter(isDue))
  } finally {
    for (const thing of ledger.remaining) job.exists(describeThing(thing))
  }
  const { leaks } = outcome
  job.output('environments', tellEnvironments(facts.candidates, outcome.gone, work.identity.repository))
  const problems = [
    ...facts.problems,
    ...outcome.problems,
    ...left,
    ...leaks.map(leak => `left over: ${describeLeak(leak)}`),
  ]
  // Tags are for judging a leak, and may be long.
  job.output(
    'leaks',
    leaks.map(({ tags: _, ...leak }) => leak),
  )
  job.output('clean', problems.length === 0)
  job.summary(renderReaping({ ...facts, problems }))
  if (problems.length > 0) throw explainFailures(problems, totalCost(leaks))
}

/** A dry run: every single thing that would go, and what would be refused. */
async function show(work: Work, { facts, records }: Look): Promise<void> {
  const { job } = work
  job.output('environments', tellEnvironments(facts.candidates, [], work.identity.repository))
  const rehearsal = await rehearse(work, facts.chosen)
  for (const notice of rehearsal.notices) job.log.info(notice)
  const notices = [...facts.notices, ...rehearsal.notices]
  const problems = [...facts.problems, ...rehearsal.problems]
  const going = facts.candidates.some(isDue) || records.judged.some(isDue)
  job.output('clean', !going && problems.length === 0)
  job.summary(renderReaping({ ...facts, things: rehearsal.things, notices, problems }))
  if (problems.length > 0) throw explainFailures(problems, 0)
}

const isDue = ({ verdict }: { readonly verdict: { readonly due: boolean } }) => verdict.due

type Look = { readonly facts: Facts; readonly records: FoundRecords; readonly listing: Listing }

/** Everything that is read before anything is touched. What cannot be read is a problem, and stops nothing else. */
async function look(work: Work): Promise<Look> {
  const { inputs } = work
  const listing = await findEnvironments(work)
  const ask = rememberAnswers(mark => askState(work, mark))
  const [candidates, records, orphans] = await Promise.all([
    settleEach(listing.environments, environment => judge(work, environment, ask), readsAtOnce / 4),
    findOwnerless(work, listing, ask),
    judgeOrphans(work, listing.orphans, ask),
  ])
  const choice = chooseDue(candidates, inputs.maxClusters)
  const facts = {
    ...choice,
    candidates,
    records: records.judged,
    things: [],
    others: listing.others + records.others,
    notices: [...listing.notices, ...records.notices, ...orphans.notices],
    dryRun: inputs.dryRun,
    problems: [
      ...listing.problems,
      ...orphans.problems,
      ...explainTooLarge(choice.tooLarge, inputs.maxClusters),
    ],
  }
  return { facts, records, listing }
}

async function judge(work: Work, environment: Environment, ask: AskState): Promise<Candidate> {
  const [hourlyCost, ...states] = await Promise.all([
    priceOf(work, environment),
    ...environment.claims.map(({ mark }) => ask(mark)),
  ])
  const verdict = tellVerdict(environment, judgeEnvironment(environment, Date.now(), states))
  return { environment, verdict, hourlyCost }
}

/** What an environment costs an hour; null where that cannot be read, which is no reason to keep it. */
async function priceOf(work: Work, { clusters }: Environment): Promise<number | null> {
  // What an app has in clusters of others cannot be told from what else they have.
  if (clusters.length === 0) return null
  try {
    const remains = await Promise.all(
      clusters.map(({ fullName, region }) => lookForRemains(work, fullName, region)),
    )
    return totalCost(remains.flat())
  } catch (error) {
    work.job.signal.throwIfAborted()
    work.job.log.info(`The price of ${clusters[0]?.fullName} could not be read: ${messageOf(error)}`)
    return null
  }
}

async function askState({ job, inputs, identity }: Work, mark: Mark): Promise<PullRequestState | undefined> {
  const pullRequest = pullRequestOf(mark)
  return pullRequest && askPullRequest(job, inputs.githubToken, pullRequest, identity.repository)
}

/** GitHub need not be asked for each cluster and record of one pull request. */
function rememberAnswers(ask: AskState): AskState {
  const answers = new Map<string, ReturnType<AskState>>()
  return mark => {
    const key = JSON.stringify([mark.repository, mark.pullRequest])
    const answer = answers.get(key) ?? ask(mark)
    answers.set(key, answer)
    return answer
  }
}

function tell({ job, inputs }: Work, { facts, records }: Look): void {
  const { candidates, later, notices, others } = facts
  for (const candidate of candidates) {
    const say = candidate.verdict.doubt ? job.log.warning : job.log.info
    say(describeCandidate(candidate))
  }
  for (const { fqdn, verdict } of records.judged)
    job.log.info(`The records of ${fqdn} ${verdict.due ? 'go' : 'stay'}: ${verdict.reason}`)
  for (const notice of notices) job.log.info(notice)
  if (inputs.stateStores === undefined)
    job.log.info('Only buckets that Meridian has made were looked through: shared stores need state-stores.')
  if (others > 0) job.log.info(`${others} environments and names belong to other owners.`)
  if (later.length > 0)
    job.log.warning(
      `Left to the next run, since max-clusters is ${inputs.maxClusters}: ${later.map(nameOf).join(', ')}`,
    )
}

function explainTooLarge(tooLarge: readonly Candidate[], most: number): string[] {
  return tooLarge.map(
    candidate =>
      `${nameOf(candidate)} has ${candidate.environment.clusters.length} clusters, but max-clusters is ${most}: raise it to let it go`,
  )
}

function explainFailures(problems: readonly string[], hourlyCost: number): UserError {
  const total = hourlyCost > 0 ? [`Together: ${describePrice(hourlyCost)}.`] : []
  const lines = [...problems.map(problem => `- ${problem}`), ...total]
  return new UserError(`not everything that nobody wants is deleted:\n${lines.join('\n')}`, {
    fix: 'The next run tries again. What it names a second time must be looked at.',
  })
}
