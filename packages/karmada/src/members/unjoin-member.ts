import type { Owned } from '@meridian/identity'
import {
  conditionOf,
  describeRef,
  type Kube,
  type KubeObject,
  type ObjectRef,
  patchOver,
  refOf,
  removeOver,
} from '@meridian/kube'
import { type Done, done, type Job, TimeoutError, type Waiting, waitFor, waiting } from '@meridian/runner'
import { listWorks, manifestsOf, propagatedBy } from '../apps/list-works.ts'
import { clusterType } from '../names.ts'
import { stillOurs } from '../remove-owned.ts'
import { cleanMember, memberAccounts } from './clean-member.ts'
import { holdCluster, isOnlyHeld, letGo } from './cluster-finalizer.ts'
import type { Cluster } from './clusters.ts'
import { connectAsPlane } from './connect-as-plane.ts'
import type { JoinedMember } from './judge-members.ts'

export type Unjoined = {
  name: string
  /** `forced`: the member is dead and could not let go. */
  outcome: 'unjoined' | 'forced' | 'absent'
  /** What may still be in the member, such as `Deployment shop/web`. */
  left: string[]
  /** What of it bears the caller's own mark, and nobody else's. */
  own: string[]
}

type UnjoinJob = Pick<Job, 'env' | 'signal' | 'deadline' | 'log' | 'userAgent' | 'mask'>

const patienceMilliseconds = 180_000

/**
 * Takes a member of one's own out of the federation. The control plane first removes what it propagated. A member that is dead
 * cannot confirm that: if the control plane finds it so (or the caller, who says `dead`), Karmada's finalizers are taken
 * away after `timeout` (3 min). One that lives and does not let go in that time is a TimeoutError. The accounts of
 * the join are removed last, by way of `member` (the cluster itself) or else by their own rights; until then the Cluster
 * stays, so that a run that dies leaves nothing that the next one does not find.
 */
export async function unjoinMember(
  job: UnjoinJob,
  federation: Kube,
  { name, cluster: judged }: Owned<JoinedMember>,
  options: {
    member?: Kube | undefined
    timeout?: number
    dead?: boolean
    /** Whether what the control plane carries to the member is the caller's own. */
    isOwn?(object: KubeObject): boolean
  } = {},
): Promise<Unjoined> {
  const { member, timeout = patienceMilliseconds, dead = false, isOwn = () => false } = options
  const ref = { ...clusterType, name }
  // Not what has joined under its name since it was judged.
  const judge = stillOurs(judged)
  const cluster = await holdCluster(federation, ref, judge)
  const works = await listWorks(federation, name)
  const propagated = works.flatMap(propagatedBy)
  const own = works
    .flatMap(manifestsOf)
    .filter(isOwn)
    .map(manifest => describeRef(refOf(manifest)))
  const seen = { dead: dead || isDead(cluster) }
  const asPlane = member ? undefined : await connectAsPlane(job, federation, cluster)
  const found = cluster !== undefined && (await removeOver(federation, cluster, judge))
  const outcome = found ? await waitReleased(job, federation, judged, { timeout, seen }) : 'absent'
  const left = found && seen.dead ? propagated : []
  const access = member ?? (seen.dead ? undefined : asPlane)
  if (access) left.push(...(await cleanMember(job, access, name)))
  else if (found) left.push(memberAccounts)
  if (found) await letGo(federation, ref, judge)
  return { name, outcome, left, own: own.filter(object => left.includes(object)) }
}

function isDead(cluster: Cluster | undefined): boolean {
  return cluster !== undefined && conditionOf(cluster, 'Ready')?.status !== 'True'
}

async function waitReleased(
  job: UnjoinJob,
  federation: Kube,
  judged: Cluster,
  { timeout, seen }: { timeout: number; seen: { dead: boolean } },
): Promise<'unjoined' | 'forced'> {
  const ref = { ...clusterType, name: judged.metadata.name }
  try {
    await waitGone(job, federation, ref, timeout, seen)
    return 'unjoined'
  } catch (error) {
    if (!(error instanceof TimeoutError) || !seen.dead || Date.now() >= job.deadline) throw error
  }
  job.log.warning(
    `${ref.name} is dead and did not let go within the time: Karmada's finalizers are removed by force.`,
  )
  for (const work of await listWorks(federation, ref.name))
    await patchOver(federation, work, withoutKarmada, stillOurs(work))
  const left = await federation.get<Cluster>(ref)
  stillOurs(judged)(left)
  if (left !== undefined) await patchOver(federation, left, withoutKarmada, stillOurs(judged))
  await waitGone(job, federation, ref, timeout, seen)
  return 'forced'
}

/** What `karmadactl unjoin --force` takes away: Karmada's own finalizers, and no other controller's. */
function withoutKarmada({ metadata: { finalizers = [] } }: KubeObject) {
  return { metadata: { finalizers: finalizers.filter(each => !/^([\w-]+\.)*karmada\.io\//.test(each)) } }
}

/** Notes in `seen` whether the control plane has found the member dead: it then drops what it cannot remove. */
function waitGone(
  job: UnjoinJob,
  federation: Kube,
  ref: ObjectRef,
  timeout: number,
  seen: { dead: boolean },
): Promise<void> {
  return waitFor<void>(job, {
    what: `${ref.name} to leave the federation`,
    fix: `Look at what holds it: kubectl get cluster ${ref.name} -o yaml, and kubectl get work -n karmada-es-${ref.name}. Then run this again.`,
    timeout,
    probe: async (): Promise<Done<void> | Waiting> => {
      const cluster = await federation.get<Cluster>(ref)
      if (cluster === undefined || isOnlyHeld(cluster)) return done(undefined)
      seen.dead ||= isDead(cluster)
      const objects = (await listWorks(federation, ref.name)).flatMap(propagatedBy)
      return waiting(
        objects.length > 0 ? `still propagated to it: ${objects.join(', ')}` : 'it is still there',
      )
    },
  })
}
