import {
  describeRef,
  isNotFound,
  isUnreachable,
  type Kube,
  KubeError,
  type ObjectRef,
  patchOver,
  refOf,
  removeOver,
} from '@meridian/kube'
import { done, type Job, messageOf, TimeoutError, waitFor, waiting } from '@meridian/runner'
import { clusterNamespace, impersonator } from '../names.ts'
import { stillOurs } from '../remove-owned.ts'
import { accountName, roleName } from './join-objects.ts'

type CleanJob = Pick<Job, 'signal' | 'deadline' | 'log'>

const goneMilliseconds = 60_000

/** Where a join keeps its accounts in the member, as it is named when they stay. */
export const memberAccounts = `namespace ${clusterNamespace}`

/**
 * Removes what the join put into a member, and names what stays. Accounts of another control plane stay, and with
 * them the rest. Whoever does it may do it with the very rights that are removed: the roles become the namespace's
 * own, and go with it.
 */
export async function cleanMember(
  job: CleanJob,
  member: Pick<Kube, 'get' | 'list' | 'patch' | 'remove'>,
  name: string,
): Promise<string[]> {
  const space = { apiVersion: 'v1', kind: 'Namespace', name: clusterNamespace }
  const rbac = 'rbac.authorization.k8s.io/v1'
  const binding = { apiVersion: rbac, kind: 'ClusterRoleBinding', name: roleName(name) }
  const role = { apiVersion: rbac, kind: 'ClusterRole', name: roleName(name) }
  try {
    const [owner, ...roles] = await Promise.all([space, binding, role].map(ref => member.get(ref)))
    if (owner === undefined || (await hasOthers(member, name)))
      return await removeAll(member, name, [binding, role])
    const { uid = '' } = owner.metadata
    const metadata = { ownerReferences: [{ ...space, uid, blockOwnerDeletion: false }] }
    for (const found of roles)
      if (found !== undefined) await patchOver(member, found, { metadata }, stillOurs(found))
    await removeOver(member, owner, stillOurs(owner))
    await waitGone(job, member, [space, binding, role])
    return []
  } catch (error) {
    job.signal.throwIfAborted()
    const known = isUnreachable(error) || isNotFound(error) || isRefused(error)
    if (!known && !(error instanceof TimeoutError)) throw error
    job.log.warning(`${name}: the accounts of the federation are still in it: ${messageOf(error)}`)
    return [memberAccounts]
  }
}

/** A join that came before the last of it is gone would build on what is about to go. */
async function waitGone(job: CleanJob, member: Pick<Kube, 'get'>, refs: readonly ObjectRef[]): Promise<void> {
  await waitFor(job, {
    what: `the accounts of the federation to go`,
    fix: `Look at what holds namespace ${clusterNamespace}.`,
    timeout: goneMilliseconds,
    probe: async () => {
      const found = await Promise.all(refs.map(ref => member.get(ref))).catch(error => {
        // The rights to look have gone too.
        if (isRefused(error)) return []
        throw error
      })
      const left = found.flatMap(object => object ?? [])
      return left.length === 0
        ? done(undefined)
        : waiting(`${left.map(object => describeRef(refOf(object))).join(', ')} still there`)
    },
  })
}

function isRefused(error: unknown): boolean {
  return error instanceof KubeError && (error.status === 401 || error.status === 403)
}

async function hasOthers(member: Pick<Kube, 'list'>, name: string): Promise<boolean> {
  const type = { apiVersion: 'v1', kind: 'ServiceAccount' }
  const accounts = await member.list(type, { namespace: clusterNamespace })
  const own = [accountName(name), impersonator]
  return accounts.some(({ metadata }) => metadata.name.startsWith('karmada-') && !own.includes(metadata.name))
}

async function removeAll(
  member: Pick<Kube, 'get' | 'remove'>,
  name: string,
  roles: readonly ObjectRef[],
): Promise<string[]> {
  const place = { apiVersion: 'v1', namespace: clusterNamespace, name: accountName(name) }
  const refs = [{ ...place, kind: 'Secret' }, { ...place, kind: 'ServiceAccount' }, ...roles]
  // With the first of them the rights to look may go.
  const found = await Promise.all(refs.map(ref => member.get(ref)))
  for (const one of found) if (one !== undefined) await removeOver(member, one, stillOurs(one))
  return []
}
