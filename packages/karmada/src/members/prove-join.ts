import { type Kube, KubeError, mayDoEverything, reviewToken } from '@meridian/kube'
import { clusterIdAnnotation, impersonator } from '../names.ts'
import type { Cluster } from './clusters.ts'
import { isRegistered } from './join-member.ts'
import { judgeMember, type MemberOwner } from './judge-members.ts'
import type { Member } from './member.ts'
import { connectAccount, connectByOwnName, decode, type ProofJob, userOf } from './member-credentials.ts'
import { checkIdentity, readMemberSpace } from './member-identity.ts'
import type { Joins } from './read-joins.ts'

/** A member that is joined as it should be. */
export type ProvenJoin = {
  readonly id: string
  /** As the control plane has last seen it. */
  readonly kubernetesVersion: string
}

/** Who does not answer by then is asked at length by what comes after an answer of undefined. */
const patience = { timeout: 10_000 }

/**
 * Proves by two requests to a member that it is joined as it should be; undefined where that cannot be told so, and `inspectMember`
 * is to look at each thing. What the control plane has of it is compared. By the account's token, verified as the control plane does
 * it, the member is asked what the account may do; with the caller's own rights, by its endpoint's own name, for whom it takes
 * the other token. A token is taken only by the cluster that has issued it, as long as it has its account and its Secret: so it is
 * the one whose id stands beside the tokens. Where none does, a third request asks for it.
 */
export async function proveJoin(
  job: ProofJob,
  joins: Joins,
  kube: Kube,
  member: Member,
  owner: MemberOwner,
): Promise<ProvenJoin | undefined> {
  const known = findKnown(joins, member, owner)
  const { id } = known?.spec ?? {}
  const { kubernetesVersion } = known?.status ?? {}
  if (known === undefined || id === undefined || !kubernetesVersion) return undefined
  checkIdentity(joins.clusters, member.name, id)
  const credentials = credentialsIn(joins, member, id)
  if (credentials === undefined) return undefined
  const { isNamed, ...tokens } = credentials
  if (!isRegistered(joins, known, { ...member, ...tokens, id, apiEndpoint: kube.server }, owner))
    return undefined
  const account = connectAccount(job, kube, kube, { ca: tokens.caBundle, token: tokens.token })
  try {
    const [isWhole, user, space] = await Promise.all([
      mayDoEverything(account, patience),
      reviewToken(connectByOwnName(job, kube), decode(tokens.impersonatorToken), patience),
      isNamed ? { id } : readMemberSpace(kube),
    ])
    const isSame = isWhole && user === userOf(impersonator) && space.id === id
    return isSame ? { id, kubernetesVersion } : undefined
  } catch (error) {
    job.signal.throwIfAborted()
    if (error instanceof KubeError) return undefined
    throw error
  }
}

function findKnown({ clusters }: Joins, { name }: Member, owner: MemberOwner): Cluster | undefined {
  const known = clusters.find(({ metadata }) => metadata.name === name)
  const isOurs = known?.spec.syncMode === 'Push' && judgeMember(known, owner).kind === 'ours'
  return isOurs && known.metadata.deletionTimestamp === undefined ? known : undefined
}

/** What the control plane has of a member's credentials, unless they say that they are of a cluster of another id. */
function credentialsIn(joins: Joins, { name, caBundle }: Member, id: string) {
  const secrets = joins.credentialsOf(name)
  const named = secrets.map(secret => secret?.metadata.annotations?.[clusterIdAnnotation])
  const [own = {}, other = {}] = secrets.map(secret => secret?.data as Record<string, string> | undefined)
  const { caBundle: ca = caBundle, token } = own
  if (!ca || !token || !other.token || named.some(each => each !== undefined && each !== id)) return undefined
  const isNamed = named.every(each => each === id)
  return { caBundle: caBundle ?? ca, token, impersonatorToken: other.token, isNamed }
}
