import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { forwardPort, type Kube, type KubeObject } from '@meridian/kube'
import { done, type Job, waitFor, waiting } from '@meridian/runner'
import type { Tool } from '@meridian/tools'
import { apiLabels, apiPort, systemNamespace } from '../names.ts'
import { chooseStorage } from './choose-storage.ts'
import { deinitArguments, type EtcdStorage, initArguments } from './init-arguments.ts'
import { runKarmadactl, writeHostKubeconfig } from './run-karmadactl.ts'

export type { EtcdStorage } from './init-arguments.ts'

type InstallJob = Pick<Job, 'env' | 'signal' | 'log' | 'scratch' | 'deadline' | 'exists'>

const preferredPort = 32443
const nodePorts = { first: 30_000, last: 32_767 }

/**
 * Installs the control plane with `karmadactl init`, while a forwarded port makes its API server reachable from
 * here. With the `names` of its load balancer in the certificate it verifies by its own name too, which `karmadactl` needs for
 * what it does in members: it heeds no other name. The tool reports failures of its last components as warnings only: see
 * `waitControlPlane` for the proof.
 */
export async function installControlPlane(
  job: InstallJob,
  host: Kube,
  tool: Tool,
  options: { etcd: EtcdStorage['mode']; names: readonly string[]; definitions?: string | undefined },
): Promise<void> {
  const { names, definitions } = options
  const etcd = await chooseStorage(host, options.etcd)
  const kubeconfig = await writeHostKubeconfig(job, host)
  // The tool empties the directory that it is given; it must hold nothing else.
  const directory = await mkdtemp(join(await job.scratch(), 'karmada-'))
  const forward = await forwardFreePort(host, job.signal)
  job.exists(`Karmada control plane in ${host.context}`)
  try {
    const port = forward.localPort
    await runKarmadactl(
      job,
      tool,
      initArguments({ names, definitions, kubeconfig, context: host.context, directory, port, etcd }),
    )
  } finally {
    forward.close()
  }
}

/** Removes what an installation that was cut short has left, so that another can be made. */
export async function repairControlPlane(job: InstallJob, host: Kube, tool: Tool): Promise<void> {
  const kubeconfig = await writeHostKubeconfig(job, host)
  const namespace = await host.get({ apiVersion: 'v1', kind: 'Namespace', name: systemNamespace })
  if (namespace?.metadata.deletionTimestamp === undefined && namespace !== undefined) {
    await runKarmadactl(job, tool, deinitArguments({ kubeconfig, context: host.context }))
  }
  await waitNamespaceGone(job, host)
}

/** Waits until the control plane's namespace, and with it volumes and load balancers, is gone. */
export async function waitNamespaceGone(
  job: Pick<Job, 'signal' | 'deadline' | 'log'>,
  host: Kube,
): Promise<void> {
  await waitFor(job, {
    what: `removal of namespace ${systemNamespace} in ${host.context}`,
    fix: `Look at what holds it: kubectl --context=${host.context} get all,pvc -n ${systemNamespace}. Then run this again.`,
    probe: async () => {
      const found = await host.get({ apiVersion: 'v1', kind: 'Namespace', name: systemNamespace })
      if (found === undefined) return done(undefined)
      const conditions = (found.status as { conditions?: { status: string; message?: string }[] })?.conditions
      const reason = conditions?.find(each => each.status === 'True')?.message
      return waiting(reason ?? 'it is still there')
    },
  })
}

type Service = KubeObject & { spec?: { ports?: { nodePort?: number }[] } }

/** The same number must be free as NodePort of the host and on this machine: 32443, or else another. */
async function forwardFreePort(host: Kube, signal: AbortSignal) {
  const services = await host.list<Service>({ apiVersion: 'v1', kind: 'Service' })
  const taken = new Set(services.flatMap(({ spec }) => (spec?.ports ?? []).map(port => port.nodePort)))
  const target = { namespace: systemNamespace, labels: apiLabels, port: apiPort, signal }
  const candidates = [preferredPort, ...randomPorts(20)].filter(port => !taken.has(port))
  let failure: unknown
  for (const localPort of candidates) {
    try {
      return await forwardPort(host, { ...target, localPort })
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

function randomPorts(count: number): number[] {
  const range = nodePorts.last - nodePorts.first + 1
  return Array.from({ length: count }, () => nodePorts.first + Math.floor(Math.random() * range))
}
