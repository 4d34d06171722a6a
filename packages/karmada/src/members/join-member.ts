import type { Claim, Identity } from '@meridian/identity'
import {
  covers,
  type Ensured,
  ensureObjects,
  inspectObjects,
  isConflict,
  isUnreachable,
  type Kube,
  patchOver,
  refOf,
} from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import { clusterNamespace, clusterType } from '../names.ts'
import { stillOurs } from '../remove-owned.ts'
import { type Cluster, listClusters } from './clusters.ts'
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
import { unjoinMember } from './unjoin-member.ts'

/** `rebuilt`: another cluster stands under a name that was a member's; it has taken that one's place. */
export type Joined = { name: string; outcome: 'joined' | 'repaired' | 'rebuilt' | 'unchanged' }

export type JoinJob = Pick<Job, 'env' | 'signal' | 'deadline' | 'log' | 'userAgent' | 'exists' | 'mask'>

/**
 * Joins a member, or makes an earlier join be as it should: accounts in the member, their tokens and a Cluster
 * in the control plane. Writes only what differs, so a join that was cut short is finished by the next. A member that
 * bears no mark is left as it is; one of another identity is a UserError.
 */
export async function joinMember(
  job: JoinJob,
  federation: Kube,
  kube: Kube,
  member: Member,
  owner: MemberOwner,
): Promise<Joined> {
  const { name } = member
  const id = await readClusterId(kube)
  const found = findOwn(checkIdentity(await listClusters(federation), name, id), id, owner)
  if (found === 'unclaimed') return { name, outcome: 'unchanged' }
  const known = await settleLeaving(job, federation, found)
  const accounts = await ensureObjects(kube, memberObjects(name))
  const registration = {
    ...member,
    ...(await readCredentials(job, kube, member)),
    id,
    apiEndpoint: kube.server,
  }
  const credentials = await ensureCredentials(federation, registration, known)
  const cluster = await ensureCluster(federation, clusterObject(registration, joinerOf(member, owner)), known)
  job.exists(`membership of ${name} in ${federation.context}`)
  const secrets = [name, `${name}-impersonator`]
  const owned = await Promise.all(secrets.map(secret => ensureOwner(federation, secret, cluster.object)))
  if (known === undefined) return { name, outcome: 'joined' }
  if (known.spec.id !== id) return { name, outcome: 'rebuilt' }
  const written = [...accounts, ...credentials].some(outcome => outcome !== 'unchanged')
  return { name, outcome: written || cluster.changed || owned.includes(true) ? 'repaired' : 'unchanged' }
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
): Promise<Ensured[]> {
  const desired = credentialObjects(registration)
  if (known === undefined) return ensureObjects(federation, desired)
  const outcomes = await inspectObjects(federation, desired)
  const moved = known.spec.id !== registration.id || known.spec.apiEndpoint !== registration.apiEndpoint
  if (!moved && outcomes.every(outcome => outcome === 'unchanged')) return outcomes
  return ensureObjects(federation, markReplaced(desired))
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
async function ensureOwner(federation: Kube, secret: string, cluster: Cluster): Promise<boolean> {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: clusterNamespace, name: secret }
  const found = await federation.get(ref)
  const owner = {
    ...clusterType,
    name: cluster.metadata.name,
    uid: cluster.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  }
  if (covers(found?.metadata.ownerReferences, [owner])) return false
  if (found !== undefined)
    await patchOver(federation, found, { metadata: { ownerReferences: [owner] } }, stillOurs(found))
  return true
}
