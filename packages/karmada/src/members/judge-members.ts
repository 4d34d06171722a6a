import {
  type Claim,
  type Identity,
  judgeClaim,
  makeMark,
  objectAnnotations,
  objectLabels,
  readObject,
} from '@meridian/identity'
import { type Kube, patchOver } from '@meridian/kube'
import { UserError } from '@meridian/runner'
import type { InstalledPlane } from '../control-plane/installed-plane.ts'
import { isOlderInstallation, olderMark } from '../control-plane/judge-plane.ts'
import { stillOurs } from '../remove-owned.ts'
import { type Cluster, listClusters } from './clusters.ts'

/** A member by the name that it has in its federation. */
export type JoinedMember = { readonly name: string; readonly cluster: Cluster }

export type JudgedMember = JoinedMember & { readonly claim: Claim<JoinedMember> }

/** For whom members are joined, and what is known of the control plane that they are joined to. */
export type MemberOwner = {
  readonly identity: Identity
  readonly plane?: Claim<InstalledPlane> | undefined
  /** Claims members that bear no mark. */
  readonly adopt?: boolean | undefined
}

/** Whose each member of a federation is. */
export async function judgeMembers(
  federation: Pick<Kube, 'list'>,
  identity: Identity,
  plane?: Claim<InstalledPlane>,
): Promise<JudgedMember[]> {
  return judgeListed(await listClusters(federation), identity, plane)
}

/** The same of members that were listed. Pure. */
export function judgeListed(
  clusters: readonly Cluster[],
  identity: Identity,
  plane?: Claim<InstalledPlane>,
): JudgedMember[] {
  return clusters.map(cluster => {
    const name = cluster.metadata.name
    return { name, cluster, claim: judgeMember(cluster, { identity, plane }) }
  })
}

/**
 * Whose a member is, by the mark of its Cluster. Version 0.1 marked none: a member without mark is the identity's where
 * it has installed the control plane with that version, and else nobody's.
 */
export function judgeMember(cluster: Cluster, owner: MemberOwner): Claim<JoinedMember> {
  const { identity, plane, adopt = false } = owner
  const { cluster: _, app: __, ...joiner } = identity
  const own = readObject(cluster.metadata)
  const bare = own.kind === 'unmarked'
  const older = bare && isOlderInstallation(plane) ? olderMark(joiner) : own
  const reading = bare && adopt ? ({ kind: 'marked', mark: makeMark(joiner) } as const) : older
  return judgeClaim({ name: cluster.metadata.name, cluster }, reading, joiner)
}

/** The claim of a member that is to be joined; throws a UserError if it is another's. */
export function claimMember(cluster: Cluster, owner: MemberOwner): Claim<JoinedMember> {
  const claim = judgeMember(cluster, owner)
  const { name } = cluster.metadata
  if (claim.kind === 'foreign') {
    throw new UserError(`${name} is a member of this federation already, and belongs to ${claim.whose}`, {
      fix: 'Give the cluster another name in clusters, or have its owner take it out first. If the repository was renamed or moved, set repository to what it was.',
      input: 'clusters',
    })
  }
  if (claim.kind === 'unreadable') {
    throw new UserError(`${name} is a member already, and whose it is cannot be told: ${claim.why}`, {
      fix: `Look at it: kubectl get cluster ${name} -o yaml. Nothing has been changed.`,
      input: 'clusters',
    })
  }
  return claim
}

/** Marks the members that version 0.1 has joined, before the record of the installation says that all are marked. */
export async function markOlderMembers(
  federation: Pick<Kube, 'get' | 'list' | 'patch'>,
  identity: Identity,
  plane: Claim<InstalledPlane>,
): Promise<string[]> {
  if (!isOlderInstallation(plane)) return []
  const members = await judgeMembers(federation, identity, plane)
  const older = members.filter(({ claim }) => claim.kind === 'ours' && claim.mark.schema === 1)
  const metadata = memberMark(identity)
  for (const { cluster } of older) await patchOver(federation, cluster, { metadata }, stillOurs(cluster))
  return older.map(({ name }) => name)
}

/** The mark of a member that an identity joins, for its metadata. */
export function memberMark(identity: Identity): {
  labels: Record<string, string>
  annotations: Record<string, string>
} {
  const joiner = { ...identity, app: undefined }
  return { labels: objectLabels(joiner), annotations: objectAnnotations(makeMark(joiner)) }
}
