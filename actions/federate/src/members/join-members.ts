import type { Owned } from '@meridian/identity'
import {
  type Cluster,
  describeOwner,
  type Joined,
  type JoinedMember,
  type Joins,
  type JudgedMember,
  joinMember,
  listBarriers,
  listClusters,
  type MemberOwner,
  proveJoin,
  type Unjoined,
  unjoinMember,
  waitJoined,
} from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { type Job, messageOf, UserError } from '@meridian/runner'
import type { Plan } from '../plan.ts'
import { describeCluster, explainLoss, placeOf, type Reached } from './connect-members.ts'

export type Membership = {
  joins: Joined[]
  unjoins: Unjoined[]
  /** The listed members as the control plane has them at the end. */
  clusters: Cluster[]
  /** What went wrong, member by member. */
  problems: string[]
}

export type Joining = {
  federation: Kube
  members: readonly Reached[]
  owner: MemberOwner
  /** The members as they are. */
  present: readonly JudgedMember[]
  plan: Plan
  /** The control plane's side of their joins. */
  joins: Joins
  /** What was found of members since the clusters were reached. */
  found: ReadonlyMap<string, Joined['outcome']>
  /** Called between the joins and the wait. */
  renew(joins: readonly Joined[]): Promise<void>
}

/**
 * Joins all members at once, unjoins what the plan says, and waits until each takes part. One that fails does not
 * keep the others from being joined.
 */
export async function joinAll(job: Job, joining: Joining): Promise<Membership> {
  const { federation, members, plan, renew } = joining
  tellUnlisted(job, joining)
  const leaving = joining.present.flatMap(({ name, claim }) =>
    plan.unjoin.includes(name) && claim.kind === 'ours' ? [claim.owned] : [],
  )
  const [joined, left] = await Promise.all([
    settle(members, member => join(job, joining, member), labelMember),
    settle(
      leaving,
      member => unjoin(job, federation, member),
      ({ name }) => name,
    ),
  ])
  job.signal.throwIfAborted()
  await renew(joined.values)
  const names = joined.values.map(({ name }) => name)
  const waited = await settle(
    [names],
    listed => waitJoined(job, federation, listed),
    () => '',
  )
  job.signal.throwIfAborted()
  const present = await listClusters(federation)
  const clusters = members.flatMap(
    ({ descriptor }) => present.find(({ metadata }) => metadata.name === descriptor.name) ?? [],
  )
  for (const cluster of clusters)
    for (const taint of listBarriers(cluster))
      job.log.warning(`${cluster.metadata.name} bears the taint ${taint}: nothing new is scheduled to it.`)
  return {
    joins: joined.values,
    unjoins: left.values,
    clusters,
    problems: [joined, left, waited].flatMap(({ reasons }) =>
      reasons.map(({ label, reason }) => explain(label, explainLoss(reason, members))),
    ),
  }
}

function tellUnlisted(job: Job, { plan, present }: Joining): void {
  for (const { name, claim } of present.filter(each => plan.unlisted.includes(each.name))) {
    const whose = claim.kind === 'ours' ? '' : ` (it belongs to ${describeOwner(claim)})`
    job.log.info(`${name}: is a member, though clusters does not name it; it stays${whose}`)
  }
}

const labelMember = ({ descriptor }: Reached) => describeCluster(descriptor)

async function join(job: Job, joining: Joining, member: Reached): Promise<Joined> {
  const { name } = member.descriptor
  const isMember = joining.present.some(each => each.name === name)
  const isKept =
    isMember && (joining.found.get(name) === 'unchanged' || (await isJoined(job, joining, member)))
  const joined: Joined = isKept ? { name, outcome: 'unchanged' } : await joinAnew(job, joining, member)
  const note = joined.outcome === 'rebuilt' ? ': another cluster bears its name now, and is the member' : ''
  job.log.info(`${joined.name}: ${joined.outcome}${note}`)
  return joined
}

async function isJoined(job: Job, { joins, owner }: Joining, member: Reached): Promise<boolean> {
  return (await proveJoin(job, joins, member.kube, placeOf(member), owner)) !== undefined
}

/** Accounts that were seen may have gone since: a join that was not there yet when this run began has none to lose. */
function joinAnew(job: Job, { federation, owner, joins }: Joining, member: Reached): Promise<Joined> {
  const { kube, space } = member
  const seen = space?.accounts === undefined ? { space, joins } : { joins }
  return joinMember(job, federation, kube, placeOf(member), owner, seen)
}

async function unjoin(job: Job, federation: Kube, member: Owned<JoinedMember>): Promise<Unjoined> {
  const unjoined = await unjoinMember(job, federation, member)
  const rest = unjoined.left.length > 0 ? `; still in it: ${unjoined.left.join(', ')}` : ''
  job.log.info(`${member.name}: ${unjoined.outcome}${rest}`)
  return unjoined
}

type Settled<T> = { values: T[]; reasons: { label: string; reason: unknown }[] }

async function settle<S, T>(
  subjects: readonly S[],
  work: (subject: S) => Promise<T>,
  label: (subject: S) => string,
): Promise<Settled<T>> {
  const outcomes = await Promise.allSettled(subjects.map(work))
  return {
    values: outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    reasons: outcomes.flatMap((outcome, at) =>
      outcome.status === 'rejected' ? [{ label: label(subjects[at] as S), reason: outcome.reason }] : [],
    ),
  }
}

function explain(label: string, reason: unknown): string {
  const fix = reason instanceof UserError ? ` ${reason.fix}` : ''
  const message = messageOf(reason)
  return `${label && !message.startsWith(label) ? `${label}: ` : ''}${message}.${fix}`
}
