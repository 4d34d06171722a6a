import type { SignIn } from '@meridian/aws'
import { route53 } from '@meridian/aws/clients'
import {
  applyGroup,
  claimName,
  findZone,
  lookAndPlan,
  type Plan,
  paceRequests,
  planClaim,
  type Replan,
  readOwnerMark,
} from '@meridian/dns'
import {
  type ClusterDescriptor,
  describeIdentity,
  type Identity,
  type Mark,
  makeMark,
  ownerRecordName,
  writeFederation,
} from '@meridian/identity'
import { requireCluster } from '@meridian/kops'
import type { Job } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'

type Place = {
  readonly host: ClusterDescriptor
  readonly members: readonly ClusterDescriptor[]
  readonly pullRequest: number | undefined
}

/** Looks at the claim, and what would be written. */
export async function look(
  inputs: Pick<Inputs, 'domain' | 'lifetime' | 'stateStoreAccount' | 'zoneId'>,
  job: Job,
  identity: Identity,
  place: Place & { signIn: SignIn },
): Promise<SeenClaim & { plan: Plan }> {
  const aws = await place.signIn()
  const client = paceRequests(job, route53(aws, { maxAttempts: 1 }))
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
/** A claim that was looked at, and may be written. */
export type SeenClaim = { write(): Promise<void> }
