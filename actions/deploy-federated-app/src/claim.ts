import { route53 } from '@meridian/aws'
import {
  applyGroup,
  claimName,
  findZone,
  lookAndPlan,
  type Plan,
  planClaim,
  type Replan,
  readOwnerMark,
  retryReads,
} from '@meridian/dns'
import {
  type ClusterDescriptor,
  completeClusters,
  describeIdentity,
  type Identity,
  type Mark,
  makeMark,
  ownerRecordName,
  pullRequestOf,
  writeFederation,
} from '@meridian/identity'
import { judgeMembers } from '@meridian/karmada'
import { requireCluster } from '@meridian/kops'
import type { Kube } from '@meridian/kube'
import { type Job, messageOf, UserError } from '@meridian/runner'
import type { Inputs } from './inputs.ts'
import type { SignIn } from './reach-federation.ts'

/** `asked`: its failure fails the run. `tried`: its failure is a warning. */
type Need = 'asked' | 'tried' | 'none'

/** A claim that was looked at, and may be written. */
export type SeenClaim = { write(): Promise<void> }

/**
 * Looks at the claim of an environment that has no cluster of its own, by which teardown's mode `reap` finds its app:
 * those of clusters are in their state stores. Reads only; undefined where none is needed, or none can be had. Throws a
 * UserError for another's, and where one was asked for and cannot be had.
 */
export async function lookAtClaim(
  inputs: Inputs,
  job: Job,
  federation: Kube,
  identity: Identity,
  signIn: SignIn,
): Promise<SeenClaim | undefined> {
  const members = completeClusters(inputs.clusters ?? [], inputs)
  // Without the list of clusters nobody could tell later where the federation is.
  const host = members.find(({ name }) => name === (inputs.host ?? members[0]?.name))
  const pullRequest = pullRequestOf(inputs, job)
  const wish = { ...inputs, pullRequest, host }
  const need = await needOf(wish, async () => {
    const joined = await judgeMembers(federation, identity)
    return joined.some(({ claim }) => claim.kind === 'ours')
  })
  if (host === undefined || need === 'none') return undefined
  const attempt = await look(inputs, job, identity, { host, members, pullRequest, signIn }).catch(
    (error: unknown) => {
      job.signal.throwIfAborted()
      return explainMiss(error, wish, job)
    },
  )
  if (attempt?.plan.kind === 'refuse') throw new UserError(attempt.plan.message, { fix: attempt.plan.fix })
  return attempt
}

/** Whether an environment is to be claimed. Exported for its tests. */
export async function needOf(
  wish: Pick<Inputs, 'lifetime'> & { pullRequest: number | undefined; host: unknown },
  hasMembers: () => Promise<boolean>,
): Promise<Need> {
  if (wish.lifetime !== undefined) return 'asked'
  if (wish.pullRequest === undefined || wish.host === undefined) return 'none'
  // The clusters of an environment that has some have claims of their own.
  return (await hasMembers()) ? 'none' : 'tried'
}

type Place = {
  readonly host: ClusterDescriptor
  readonly members: readonly ClusterDescriptor[]
  readonly pullRequest: number | undefined
}

async function look(
  inputs: Inputs,
  job: Job,
  identity: Identity,
  place: Place & { signIn: SignIn },
): Promise<SeenClaim & { plan: Plan }> {
  const aws = await place.signIn()
  const client = retryReads(job, route53(aws, { maxAttempts: 1 }))
  const { domain, lifetime } = inputs
  // A claim that leads nowhere would look like one whose host, and the app with it, is gone.
  if (place.host.provider === 'kops') await requireCluster(aws, place.host, inputs.stateStoreAccount)
  const [zone, account] = await Promise.all([
    findZone(client, { fqdn: domain, domain }, inputs.zoneId),
    aws.account(),
  ])
  const whose = { ...identity, app: undefined, account }
  const now = new Date()
  const wanted = claimOf(whose, place, { lifetime, now }, job)
  const fqdn = claimName(whose)
  const life = lifetime === undefined ? undefined : { lifetime, now }
  const decide: Replan = reason =>
    lookAndPlan(client, zone, fqdn, observed => planClaim(whose, observed, wanted, life), reason)
  const plan = await decide()
  const until = wanted.expiresAt === undefined ? '' : `, wanted until ${wanted.expiresAt} at least`
  if (plan.kind === 'change')
    job.log.info(`To be written before the app: the claim ${ownerRecordName(fqdn)}${until}.`)
  const write = async () => {
    const { changed } = await applyGroup(job, client, zone, plan, decide)
    const verb = changed ? `is claimed${until}` : 'has its claim'
    job.log.info(`${describeIdentity(whose)} ${verb}: teardown with mode: reap finds it.`)
    job.output('expires-at', expiryOf(plan))
  }
  return { plan, write }
}

/** Until when a claim says that the app is wanted, once it is written; '' where it says nothing of it. */
function expiryOf({ rows }: Plan): string {
  const { reading } = readOwnerMark(
    rows.flatMap(({ record, after }) => (record === 'owner' && after ? [after] : [])),
  )
  return reading.kind === 'marked' ? (reading.mark.expiresAt ?? '') : ''
}

/** Exported for its tests. */
export function claimOf(
  identity: Identity,
  { host, members, pullRequest }: Place,
  { lifetime, now }: { lifetime: number | undefined; now: Date },
  { run, version }: Pick<Job, 'run' | 'version'>,
): Mark {
  const birth = {
    createdAt: now,
    ...(lifetime !== undefined && { expiresAt: new Date(now.getTime() + lifetime) }),
    pullRequest,
    run: run.url,
    version,
  }
  return { ...makeMark(identity, birth), federation: writeFederation(host, members) }
}

function explainMiss(error: unknown, { lifetime }: Pick<Inputs, 'lifetime'>, { log }: Job): undefined {
  if (lifetime !== undefined) throw error
  log.warning(
    `The app is not claimed, so that nobody takes it away when the pull request is closed: ${messageOf(error)}. Let the run write to the hosted zone (docs/iam), or remove the app with teardown and scope: dns,app in a workflow of your own.`,
  )
}
