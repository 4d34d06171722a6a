import { inspectObjects, type Kube } from '@meridian/kube'
import { listClusters } from './clusters.ts'
import { findOwn, isAsStated, type Joined, joinerOf } from './join-member.ts'
import { clusterObject, credentialObjects, memberObjects } from './join-objects.ts'
import type { MemberOwner } from './judge-members.ts'
import type { Member } from './member.ts'
import { peekCredentials } from './member-credentials.ts'
import { checkIdentity, readClusterId } from './member-identity.ts'

/** What `joinMember` would find to do, or refuse; nothing is written. */
export async function inspectMember(
  federation: Kube,
  kube: Kube,
  member: Member,
  owner: MemberOwner,
): Promise<Joined['outcome']> {
  const id = await readClusterId(kube)
  const found = findOwn(checkIdentity(await listClusters(federation), member.name, id), id, owner)
  if (found === 'unclaimed') return 'unchanged'
  const known = found?.cluster
  if (known === undefined || known.metadata.deletionTimestamp !== undefined) return 'joined'
  if (known.spec.id !== id) return 'rebuilt'
  const credentials = await peekCredentials(kube, member)
  if (credentials === undefined) return 'repaired'
  const registration = { ...member, ...credentials, id, apiEndpoint: kube.server }
  const objects = await Promise.all([
    inspectObjects(kube, memberObjects(member.name)),
    inspectObjects(federation, credentialObjects(registration)),
  ])
  const same = objects.flat().every(outcome => outcome === 'unchanged')
  return same && isAsStated(known, clusterObject(registration, joinerOf(member, owner)))
    ? 'unchanged'
    : 'repaired'
}
