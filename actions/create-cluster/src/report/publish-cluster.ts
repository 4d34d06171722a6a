import type { Validation } from '@meridian/kops'
import type { Kube } from '@meridian/kube'
import type { Job } from '@meridian/runner'
import type { Cost } from '../cost/estimate-cost.ts'
import type { Inputs } from '../inputs.ts'
import { describeCost, renderCluster } from '../summary.ts'

/** What is known of a cluster at the end of a run. */
export type Found = {
  readonly kube: Kube
  readonly health: Validation
  readonly created: boolean
  readonly unclaimed: boolean
  readonly expiresAt: string
  /** Of its inputs, in words. */
  readonly changes: readonly string[]
  readonly cost: Cost | undefined
}

/** What follows from the inputs alone is said first, so that it is known however the run ends. */
export function publishIdentity({ cluster }: Inputs, job: Job): void {
  job.output('name', cluster.name)
  job.output('full-name', cluster.fullName)
  job.output('context', cluster.name)
  job.output('region', cluster.region)
  job.output('zones', cluster.zones.join(','))
  job.output('state-store', cluster.stateStore)
  job.output('cluster', cluster)
}

/** The outputs and the summary that tell of a cluster. Asks its version if it is ready. */
export async function publishCluster(inputs: Inputs, found: Found, job: Job): Promise<void> {
  const { kube, health } = found
  const kubernetesVersion = health.ready
    ? (await kube.request<{ gitVersion: string }>('GET', '/version')).gitVersion.replace(/^v/, '')
    : ''
  job.output('api-endpoint', kube.server)
  job.output('nodes', health.nodes)
  job.output('created', found.created)
  job.output('kubernetes-version', kubernetesVersion)
  const cost = inputs.provider === 'kops' ? `: ${describeCost(found.cost)}` : ''
  job.log.info(`${inputs.cluster.fullName} is ${health.ready ? 'ready' : 'on its way'}${cost}.`)
  job.summary(
    renderCluster(inputs, {
      ...found,
      nodes: health.nodes,
      kubernetesVersion,
      apiEndpoint: kube.server,
    }),
  )
}
