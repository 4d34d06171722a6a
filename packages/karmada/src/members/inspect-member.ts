import { compareObjects, type Kube } from '@meridian/kube'
import type { Job } from '@meridian/runner'
import { findOwn, isAsStated, isOwnedBy, type Joined, joinerOf } from './join-member.ts'
import { clusterObject, credentialObjects, memberObjects } from './join-objects.ts'
import type { MemberOwner } from './judge-members.ts'
import type { Member } from './member.ts'
import { proveCredentials } from './member-credentials.ts'
import { checkIdentity } from './member-identity.ts'
import { type Joins, readMemberObjects } from './read-joins.ts'

/**
 * What `joinMember` would find to do, or refuse; nothing is written. Nothing that is `unchanged` needs to be joined
 * again. `id` is the cluster's own (see `readClusterId`).
 */
export async function inspectMember(
  job: Pick<Job, 'env' | 'signal' | 'userAgent' | 'mask'>,
  joins: Joins,
  kube: Kube,
  id: string,
  member: Member,
  owner: MemberOwner,
): Promise<Joined['outcome']> {
  const { name } = member
  const found = findOwn(checkIdentity(joins.clusters, name, id), id, owner)
  if (found === 'unclaimed') return 'unchanged'
  const known = found?.cluster
  if (known === undefined || known.metadata.deletionTimestamp !== undefined) return 'joined'
  if (known.spec.id !== id) return 'rebuilt'
  const objects = await readMemberObjects(kube, name)
  const isWhole = (outcomes: readonly string[]) => outcomes.every(outcome => outcome === 'unchanged')
  if (!isWhole(compareObjects(memberObjects(name), objects))) return 'repaired'
  const credentials = await proveCredentials(job, kube, member, objects)
  if (credentials === undefined) return 'repaired'
  const registration = { ...member, ...credentials, id, apiEndpoint: kube.server }
  const secrets = joins.credentialsOf(name)
  const same =
    joins.hasNamespace &&
    isWhole(compareObjects(credentialObjects(registration), secrets)) &&
    secrets.every(secret => isOwnedBy(secret, known))
  return same && isAsStated(known, clusterObject(registration, joinerOf(member, owner)))
    ? 'unchanged'
    : 'repaired'
}
