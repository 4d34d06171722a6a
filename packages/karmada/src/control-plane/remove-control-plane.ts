import { type Identity, type Owned, ownerOf } from '@meridian/identity'
import { type Kube, KubeError, removeOver } from '@meridian/kube'
import { done, type Job, UserError, waitFor, waiting } from '@meridian/runner'
import type { Tool } from '@meridian/tools'
import { listTenants } from '../apps/list-tenants.ts'
import { describeTenants, type Tenant } from '../apps/tenant.ts'
import { lbService, systemNamespace } from '../names.ts'
import { stillOurs } from '../remove-owned.ts'
import { classifyControlPlane, observeControlPlane } from './detect-control-plane.ts'
import { deinitArguments } from './init-arguments.ts'
import { waitNamespaceGone } from './install-control-plane.ts'
import { recordRemoval } from './installation-record.ts'
import type { InstalledPlane } from './installed-plane.ts'
import { runKarmadactl, writeHostKubeconfig } from './run-karmadactl.ts'

type RemoveJob = Pick<Job, 'env' | 'signal' | 'log' | 'scratch' | 'deadline'>

/** Others have members or apps in a control plane that was to go. */
export class TenantsError extends UserError {
  override readonly name = 'TenantsError'
}

export type RemovePlaneOptions = {
  readonly identity: Identity
  /** Its API; undefined where it cannot be reached. */
  readonly federation: Kube | undefined
  /** Goes on also where a federation that may have tenants cannot be asked for them. */
  readonly unasked?: boolean
}

/**
 * Removes a control plane of one's own from its host: first the load balancer of its API, then all of it, volume
 * included. Throws a UserError, before anything is touched, while others have members or objects in it, or where that
 * cannot be told. `findTool` is called only if there is something to remove. False when there was nothing.
 */
export async function removeControlPlane(
  job: RemoveJob,
  plane: Owned<InstalledPlane>,
  findTool: () => Promise<Tool>,
  options: RemovePlaneOptions,
): Promise<boolean> {
  const { host } = plane
  const observed = await observeControlPlane(host)
  const { namespace, record } = observed
  if (plane.record !== undefined) stillOurs(plane.record.object)(record?.object)
  const found = classifyControlPlane(observed)
  if (found.state === 'foreign') {
    job.log.warning(`The control plane in ${host.context} stays: ${found.reason}.`)
    return false
  }
  if (namespace === undefined) return false
  const leaving = namespace.metadata.deletionTimestamp !== undefined
  if (record?.state === 'installed' && !leaving) {
    await refuseTenants(job, plane, options)
    await recordRemoval(plane)
  }
  await removeApiService(job, host)
  if (!leaving) {
    const kubeconfig = await writeHostKubeconfig(job, host)
    await runKarmadactl(job, await findTool(), deinitArguments({ kubeconfig, context: host.context }))
  }
  await waitNamespaceGone(job, host)
  return true
}

async function refuseTenants(
  job: RemoveJob,
  plane: Owned<InstalledPlane>,
  { identity, federation, unasked = false }: RemovePlaneOptions,
): Promise<void> {
  const { context } = plane.host
  try {
    const tenants = await askTenants(plane, identity, federation)
    if (tenants.length === 0) return
    throw new TenantsError(
      `the federation in ${context} holds what is not ours: ${describeTenants(tenants)}`,
      {
        fix: 'Have its owners take it out first. What bears no mark goes with karmadactl unjoin (members) or kubectl delete (policies).',
      },
    )
  } catch (error) {
    if (!(error instanceof KubeError)) throw error
    job.signal.throwIfAborted()
    const problem = `the federation in ${context} cannot be asked whether others use it: ${error.message}`
    if (!unasked) {
      throw new UserError(problem, {
        fix: 'Mend it, and run this again. If nobody else can have anything in it, set force: true.',
        cause: error,
      })
    }
    job.log.warning(`${problem}. It is removed all the same.`)
  }
}

async function askTenants(
  plane: Owned<InstalledPlane>,
  identity: Identity,
  federation: Kube | undefined,
): Promise<Tenant[]> {
  if (federation === undefined) {
    const server = plane.host.server
    throw new KubeError('its API has no address', { status: 0, reason: 'Unreachable', server })
  }
  const { record } = plane
  const mark =
    record?.reading.kind === 'marked' ? record.reading.mark : { schema: 1, owner: ownerOf(identity) }
  return listTenants(federation, identity, { kind: 'ours', owned: plane, mark })
}

/** A Service keeps its finalizer until the cloud has removed its load balancer: gone means that it is gone too. */
async function removeApiService(job: RemoveJob, host: Kube): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'Service', namespace: systemNamespace, name: lbService }
  const seen = await host.get(ref)
  if (seen === undefined || !(await removeOver(host, seen, stillOurs(seen)))) return
  await waitFor(job, {
    what: `removal of the load balancer of the federation's API in ${host.context}`,
    fix: `Look at its events: kubectl --context=${host.context} describe svc ${lbService} -n ${systemNamespace}. Then run this again.`,
    probe: async () => ((await host.get(ref)) === undefined ? done(undefined) : waiting('it is still there')),
  })
}
