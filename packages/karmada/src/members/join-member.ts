import type { Claim, Identity } from '@meridian/identity'
import {
  applyOver,
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
import { stillOurs } from '../remove-owned.ts'
import type { Cluster } from './clusters.ts'
import {
  clusterObject,
  credentialObjects,
  markCredentials,
  memberObjects,
  type Registration,
} from './join-objects.ts'
import { claimMember, type JoinedMember, type MemberOwner } from './judge-members.ts'
import type { Member } from './member.ts'
import { readCredentials } from './member-credentials.ts'
import { checkIdentity, type MemberSpace, readMemberSpace } from './member-identity.ts'
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
  seen: { readonly space?: MemberSpace; readonly joins?: Joins } = {},
): Promise<Joined> {
  const { name } = member
  const { id, accounts: space } = seen.space ?? (await readMemberSpace(kube))
  const joins = seen.joins ?? (await readJoins(federation, [name]))
  const found = findOwn(checkIdentity(joins.clusters, name, id), id, owner)
  if (found === 'unclaimed') return { name, outcome: 'unchanged' }
  const known = await settleLeaving(job, federation, found)
  // What an unjoin takes away with it is seen anew.
  const hasLeft = known !== found?.cluster
  const before = hasLeft ? await readJoins(federation, [name]) : joins
  const accounts = await ensureAccounts(kube, name, hasLeft ? (await readMemberSpace(kube)).accounts : space)
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
  const owned = await ensureOwners(federation, credentials, cluster.object)
  if (known === undefined) return { name, outcome: 'joined' }
  if (known.spec.id !== id) return { name, outcome: 'rebuilt' }
  const written = [...accounts, ...credentials].some(({ outcome }) => outcome !== 'unchanged')
  const isRepaired = written || !before.hasNamespace || cluster.changed || owned
  return { name, outcome: isRepaired ? 'repaired' : 'unchanged' }
}

/**
 * Makes the accounts of a join, or makes them be as they should. Where they have no namespace yet, there are none to be looked at;
 * roles that an earlier join has left are then met as they are written.
 */
async function ensureAccounts(
  kube: Kube,
  name: string,
  namespace: KubeObject | undefined,
): Promise<EnsuredObject[]> {
  const desired = memberObjects(name)
  if (namespace !== undefined)
    return ensureOver(kube, desired, await readMemberObjects(kube, name, namespace))
  const made: EnsuredObject[] = []
  for (const object of desired) {
    const written = await applyOver(kube, object, { seen: undefined, judge: () => {} }, { force: true })
    made.push({ outcome: 'created', object: written })
  }
  return made
}

/** Whose mark a member gets. */
function joinerOf({ fullName, account }: Member, { identity }: MemberOwner): Identity {
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
 * 1.19 keep the former ones until they are started anew (see `renewControllers`). The second of them goes when the first goes,
 * which spares it a write once there is the Cluster.
 */
async function ensureCredentials(
  federation: Kube,
  registration: Registration,
  known: Cluster | undefined,
  present: readonly (KubeObject | undefined)[],
): Promise<EnsuredObject[]> {
  const desired = credentialObjects(registration)
  const { id, apiEndpoint } = registration
  const moved = known !== undefined && (known.spec.id !== id || known.spec.apiEndpoint !== apiEndpoint)
  const same = compareObjects(desired, present).every(outcome => outcome === 'unchanged')
  const replacedAt = moved || (known !== undefined && !same) ? new Date() : undefined
  const ensured: EnsuredObject[] = []
  for (const [at, object] of desired.entries()) {
    const seen = present[at]
    const ownerReferences = ensured.map(({ object: first }) => ownerOf(first))
    const marked = markCredentials(object, { id, replacedAt })
    const written = { ...marked, metadata: { ...marked.metadata, ...(at > 0 && { ownerReferences }) } }
    const isKept = replacedAt === undefined && covers(seen, object)
    ensured.push(...(await ensureOver(federation, [isKept ? object : written], [seen])))
  }
  return ensured
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

/** The credentials go when the Cluster goes, by themselves or one with the other. */
async function ensureOwners(
  federation: Kube,
  credentials: readonly EnsuredObject[],
  cluster: Cluster,
): Promise<boolean> {
  const secrets = credentials.map(({ object }) => object)
  const loose = secrets.filter((secret, at) => !isOwned(secret, [cluster, ...secrets.slice(0, at)]))
  const ownerReferences = [{ ...ownerOf(cluster), controller: true, blockOwnerDeletion: true }]
  for (const secret of loose)
    await patchOver(federation, secret, { metadata: { ownerReferences } }, stillOurs(secret))
  return loose.length > 0
}

function isOwned(object: KubeObject, owners: readonly KubeObject[]): boolean {
  const uids = owners.map(({ metadata }) => metadata.uid)
  return object.metadata.ownerReferences?.some(({ uid }) => uids.includes(uid)) ?? false
}

function ownerOf({ apiVersion, kind, metadata: { name, uid = '' } }: KubeObject) {
  return { apiVersion, kind, name, uid }
}

/** Whether the control plane has of a member what it should have. Pure. */
export function isRegistered(
  joins: Joins,
  known: Cluster,
  registration: Registration & Member,
  owner: MemberOwner,
): boolean {
  const secrets = joins.credentialsOf(registration.name)
  const same = compareObjects(credentialObjects(registration), secrets)
  const present = secrets.flatMap(secret => secret ?? [])
  return (
    joins.hasNamespace &&
    same.every(outcome => outcome === 'unchanged') &&
    present.every((secret, at) => isOwned(secret, [known, ...present.slice(0, at)])) &&
    isAsStated(known, clusterObject(registration, joinerOf(registration, owner)))
  )
}
