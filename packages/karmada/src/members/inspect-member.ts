import { compareObjects, type Kube } from '@meridian/kube'
import { findOwn, isRegistered, type Joined } from './join-member.ts'
import { memberObjects } from './join-objects.ts'
import type { MemberOwner } from './judge-members.ts'
import type { Member } from './member.ts'
import { type ProofJob, proveCredentials } from './member-credentials.ts'
import { checkIdentity, type MemberSpace } from './member-identity.ts'
import { type Joins, readMemberObjects } from './read-joins.ts'

/**
 * What `joinMember` would find to do, or refuse; nothing is written. Nothing that is `unchanged` needs to be joined
 * again.
 */
export async function inspectMember(
  job: ProofJob,
  joins: Joins,
  kube: Kube,
  { id, accounts }: MemberSpace,
  member: Member,
  owner: MemberOwner,
): Promise<Joined['outcome']> {
  const { name } = member
  const found = findOwn(checkIdentity(joins.clusters, name, id), id, owner)
  if (found === 'unclaimed') return 'unchanged'
  const known = found?.cluster
  if (known === undefined || known.metadata.deletionTimestamp !== undefined) return 'joined'
  if (known.spec.id !== id) return 'rebuilt'
  const objects = await readMemberObjects(kube, name, accounts)
  if (compareObjects(memberObjects(name), objects).some(outcome => outcome !== 'unchanged')) return 'repaired'
  const credentials = await proveCredentials(job, kube, member, objects)
  if (credentials === undefined) return 'repaired'
  const registration = { ...member, ...credentials, id, apiEndpoint: kube.server }
  return isRegistered(joins, known, registration, owner) ? 'unchanged' : 'repaired'
}
