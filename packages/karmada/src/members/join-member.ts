import type { Claim, Identity } from '@meridian/identity'
import {
  compareObjects,
  covers,
  type EnsuredObject,
  ensureOver,
  isConflict,
  isUnreachable,
  type Kube,
  type KubeObject,
  patchOver,
  refOf,
} from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import { clusterType } from '../names.ts'
import { stillOurs } from '../remove-owned.ts'
import type { Cluster } from './clusters.ts'
import {
  clusterObject,
  credentialObjects,
  markReplaced,
  memberObjects,
  type Registration,
} from './join-objects.ts'
import { claimMember, type JoinedMember, type MemberOwner } from './judge-members.ts'
import type { Member } from './member.ts'
import { readCredentials } from './member-credentials.ts'
import { checkIdentity, readClusterId } from './member-identity.ts'
import { type Joins, readJoins, readMemberObjects } from './read-joins.ts'
import { unjoinMember } from './unjoin-member.ts'

/** `rebuilt`: another cluster stands under a name that was a member's; it has taken that one's place. */
export type Joined = { name: string; outcome: 'joined' | 'repaired' | 'rebuilt' | 'unchanged' }

export type JoinJob = Pick<Job, 'env' | 'signal' | 'deadline' | 'log' | 'userAgent' | 'exists' | 'mask'>

/**
 * Joins a member, or makes an earlier join be as it should: accounts in the member, their tokens and a Cluster
 * in the control plane. Writes only what differs, so a join that was cut short is finished by the next. A member that
 * bears no mark is left as it is; one of another identity is a UserError. What is known already of the cluster, and of
 * the control plane's side of its join, is not read again; what is written since is not written over.
 */
export async function joinMember(
  job: JoinJob,
  federation: Kube,
  kube: Kube,
  member: Member,
  owner: MemberOwner,
  seen: { readonly id?: string; readonly joins?: Joins } = {},
): Promise<Joined> {
  const { name } = member
  const id = seen.id ?? (await readClusterId(kube))
  const joins = seen.joins ?? (await readJoins(federation, [name]))
  const found = findOwn(checkIdentity(joins.clusters, name, id), id, owner)
  if (found === 'unclaimed') return { name, outcome: 'unchanged' }
  const known = await settleLeaving(job, federation, found)
  // What an unjoin takes away with it is seen anew.
  const before = known === found?.cluster ? joins : await readJoins(federation, [name])
  const accounts = await ensureOver(kube, memberObjects(name), await readMemberObjects(kube, name))
  const objects = accounts.map(({ object }) => object)
  const registration = {
    ...member,
    ...(await readCredentials(job, kube, member, objects)),
    id,
    apiEndpoint: kube.server,
  }
  await before.ensureNamespace()
  const credentials = await ensureCredentials(federation, registration, known, before.credentialsOf(name))
  const cluster = await ensureCluster(federation, clusterObject(registration, joinerOf(member, owner)), known)
  job.exists(`membership of ${name} in ${federation.context}`)
  const owned = await Promise.all(
    credentials.map(({ object }) => ensureOwner(federation, object, cluster.object)),
  )
  if (known === undefined) return { name, outcome: 'joined' }
  if (known.spec.id !== id) return { name, outcome: 'rebuilt' }
  const written = [...accounts, ...credentials].some(({ outcome }) => outcome !== 'unchanged')
  const isRepaired = written || !before.hasNamespace || cluster.changed || owned.includes(true)
  return { name, outcome: isRepaired ? 'repaired' : 'unchanged' }
}

/** Whose mark a member gets. */
export function joinerOf({ fullName, account }: Member, { identity }: MemberOwner): Identity {
  return { ...identity, cluster: fullName, account }
}

type OwnMember = Extract<Claim<JoinedMember>, { kind: 'ours' }>['owned']

/** The member as it is, if it is one and ours; throws a UserError if the name is another's. */
export function findOwn(
  known: Cluster | undefined,
  id: string,
  owner: MemberOwner,
): OwnMember | 'unclaimed' | undefined {
  if (known === undefined) return undefined
  const claim = claimMember(known, owner)
  if (claim.kind === 'ours') return claim.owned
  if (known.spec.id === id && known.metadata.deletionTimestamp === undefined) return 'unclaimed'
  const { name } = known.metadata
  throw new UserError(`${name} is the name of a member that bears no mark, and is another cluster`, {
    fix: `Take it out with karmadactl unjoin ${name}, give the cluster another name, or set adopt: true, which lets it take that member's place.`,
    input: 'clusters',
  })
}

/** An unjoin that was cut short goes on by itself, and what is written to a Cluster meanwhile is lost with it. */
async function settleLeaving(
  job: JoinJob,
  federation: Kube,
  found: OwnMember | undefined,
): Promise<Cluster | undefined> {
  if (found?.cluster.metadata.deletionTimestamp === undefined) return found?.cluster
  await unjoinMember(job, federation, found)
  return undefined
}

/**
 * The credentials of one who is a member already are marked when they change: the controllers of Karmada before
 * 1.19 keep the former ones until they are started anew (see `renewControllers`).
 */
async function ensureCredentials(
  federation: Kube,
  registration: Registration,
  known: Cluster | undefined,
  present: readonly (KubeObject | undefined)[],
): Promise<EnsuredObject[]> {
  const desired = credentialObjects(registration)
  const moved =
    known !== undefined &&
    (known.spec.id !== registration.id || known.spec.apiEndpoint !== registration.apiEndpoint)
  const same = compareObjects(desired, present).every(outcome => outcome === 'unchanged')
  const isReplaced = moved || (known !== undefined && !same)
  return ensureOver(federation, isReplaced ? markReplaced(desired) : desired, present)
}

async function ensureCluster(
  federation: Kube,
  desired: Cluster,
  known: Cluster | undefined,
): Promise<{ object: Cluster; changed: boolean }> {
  if (known === undefined) {
    const created = await federation.create<Cluster>(desired).catch(async error => {
      // The answer may have been lost, now or in an earlier attempt: what is there decides.
      const ambiguous = isConflict(error) || isUnreachable(error)
      const made = ambiguous ? await federation.get<Cluster>(refOf(desired)) : undefined
      if (made && covers(made.metadata.annotations, desired.metadata.annotations)) return made
      throw error
    })
    return { object: created, changed: true }
  }
  if (isAsStated(known, desired)) return { object: known, changed: false }
  const { labels, annotations } = desired.metadata
  const spec = { ...desired.spec, insecureSkipTLSVerification: null }
  const change = { metadata: { labels, annotations }, spec }
  const patched = await patchOver(federation, known, change, stillOurs(known))
  return { object: patched ?? known, changed: true }
}

/** The server leaves out a `false`, so that cannot be stated: it must be seen that there is no `true`. */
export function isAsStated(actual: Cluster, desired: Cluster): boolean {
  return covers(actual, desired) && actual.spec.insecureSkipTLSVerification !== true
}

/** The credentials go when the Cluster goes. */
async function ensureOwner(federation: Kube, secret: KubeObject, cluster: Cluster): Promise<boolean> {
  if (isOwnedBy(secret, cluster)) return false
  const ownerReferences = [ownerOf(cluster)]
  await patchOver(federation, secret, { metadata: { ownerReferences } }, stillOurs(secret))
  return true
}

/** Whether an object goes when a Cluster goes. */
export function isOwnedBy(object: KubeObject | undefined, cluster: Cluster): boolean {
  return covers(object?.metadata.ownerReferences, [ownerOf(cluster)])
}

function ownerOf({ metadata: { name, uid = '' } }: Cluster) {
  return { ...clusterType, name, uid, controller: true, blockOwnerDeletion: true }
}
