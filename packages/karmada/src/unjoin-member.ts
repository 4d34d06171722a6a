import { isNotFound, isUnreachable, type Kube, type KubeObject, type ObjectRef } from '@meridian/kube'
import {
  type Done,
  done,
  type Job,
  messageOf,
  TimeoutError,
  type Waiting,
  waitFor,
  waiting,
} from '@meridian/runner'
import { accountName, roleName } from './join-objects.ts'
import { clusterNamespace, clusterType, executionNamespace, impersonator, workType } from './names.ts'

export type Unjoined = {
  name: string
  /** `forced`: the member did not let go in time, and what was propagated to it may still be there. */
  outcome: 'unjoined' | 'forced' | 'absent'
}

type UnjoinJob = Pick<Job, 'signal' | 'deadline' | 'log'>

const patienceMilliseconds = 180_000

/**
 * Takes a member out of the federation. The control plane first removes what it propagated; a member that is
 * dead cannot confirm that, so after `timeout` (3 min) its finalizers are taken away. `member` is the cluster
 * itself, if it can be reached: the accounts of the join are then removed from it.
 */
export async function unjoinMember(
  job: UnjoinJob,
  federation: Kube,
  name: string,
  options: { member?: Kube | undefined; timeout?: number } = {},
): Promise<Unjoined> {
  const ref = { ...clusterType, name }
  const found = await federation.remove(ref)
  const outcome = found ? await waitReleased(job, federation, ref, options.timeout) : 'absent'
  if (options.member) await cleanMember(job, options.member, name)
  return { name, outcome }
}

async function waitReleased(
  job: UnjoinJob,
  federation: Kube,
  ref: ObjectRef,
  timeout = patienceMilliseconds,
): Promise<'unjoined' | 'forced'> {
  try {
    await waitGone(job, federation, ref, timeout)
    return 'unjoined'
  } catch (error) {
    if (!(error instanceof TimeoutError) || Date.now() >= job.deadline) throw error
  }
  job.log.warning(`${ref.name} did not let go within the time: its finalizers are removed by force.`)
  await stripFinalizers(federation, ref)
  await waitGone(job, federation, ref, timeout)
  return 'forced'
}

function waitGone(job: UnjoinJob, federation: Kube, ref: ObjectRef, timeout: number): Promise<void> {
  return waitFor<void>(job, {
    what: `${ref.name} to leave the federation`,
    fix: `Look at what holds it: kubectl get cluster ${ref.name} -o yaml.`,
    timeout,
    probe: async (): Promise<Done<void> | Waiting> => {
      const left = await federation.get(ref)
      if (left === undefined) return done(undefined)
      const works = await listWorks(federation, ref.name)
      return waiting(works.length > 0 ? `${works.length} propagated objects are left` : 'it is still there')
    },
  })
}

async function listWorks(federation: Kube, cluster: string): Promise<KubeObject[]> {
  return federation.list(workType, { namespace: executionNamespace(cluster) })
}

async function stripFinalizers(federation: Kube, ref: ObjectRef): Promise<void> {
  const none = { metadata: { finalizers: null } }
  for (const { metadata } of await listWorks(federation, ref.name)) {
    await federation.patch({ ...workType, namespace: metadata.namespace, name: metadata.name }, none, 'merge')
  }
  await federation.patch(ref, none, 'merge')
}

/** Removes what the join put into the member; accounts of another control plane stay, and with them the rest. */
async function cleanMember(job: UnjoinJob, member: Kube, name: string): Promise<void> {
  const rbac = 'rbac.authorization.k8s.io/v1'
  const place = { apiVersion: 'v1', namespace: clusterNamespace }
  try {
    const accounts = await member.list({ apiVersion: 'v1', kind: 'ServiceAccount' }, place)
    const others = accounts.filter(
      ({ metadata }) =>
        metadata.name.startsWith('karmada-') &&
        metadata.name !== accountName(name) &&
        metadata.name !== impersonator,
    )
    await member.remove({ apiVersion: rbac, kind: 'ClusterRoleBinding', name: roleName(name) })
    await member.remove({ apiVersion: rbac, kind: 'ClusterRole', name: roleName(name) })
    if (others.length === 0) {
      await member.remove({ apiVersion: 'v1', kind: 'Namespace', name: clusterNamespace })
      return
    }
    await member.remove({ ...place, kind: 'Secret', name: accountName(name) })
    await member.remove({ ...place, kind: 'ServiceAccount', name: accountName(name) })
  } catch (error) {
    if (!isUnreachable(error) && !isNotFound(error)) throw error
    job.log.warning(`${name}: the accounts of the federation are still in it: ${messageOf(error)}`)
  }
}
