import type { Cluster } from '@meridian/karmada'
import type { KubeObject } from '@meridian/kube'
import { UserError } from '@meridian/runner'
import { replicasOf } from '../status/expected-status.ts'
import type { TemplateStatus } from '../status/template-status.ts'

export type Endpoint = {
  cluster: string
  region: string
  service: string
  hostname: string
  ports: { name?: string; port: number; protocol: string }[]
}

type ServiceSpec = { type?: string; ports?: { name?: string; port: number; protocol?: string }[] }

/** Every load balancer by cluster. Throws where a region has none: an incomplete list must never go on to DNS. */
export function listEndpoints(statuses: readonly TemplateStatus[], members: readonly Cluster[]): Endpoint[] {
  return statuses
    .filter(({ template }) => isLoadBalancer(template))
    .flatMap(({ template, status }) => {
      const { ports = [] } = template.spec as ServiceSpec
      return status.regions.map(({ cluster, hostname }) => {
        const { name } = template.metadata
        if (hostname === undefined) {
          throw new UserError(`Service ${name} has no load balancer in ${cluster}`, {
            fix: 'Look at the events of the Service in that cluster, and run this again.',
          })
        }
        const region = members.find(member => member.metadata.name === cluster)?.spec.region ?? ''
        return { cluster, region, service: name, hostname, ports: ports.map(describePort) }
      })
    })
}

/** Clusters that have a load balancer and workloads are divided, but none has come to them. */
export function findIdle(
  endpoints: readonly Endpoint[],
  replicas: Readonly<Record<string, number>>,
): string[] {
  if (Object.values(replicas).every(count => count === 0)) return []
  const clusters = new Set(endpoints.map(({ cluster }) => cluster))
  return [...clusters].filter(cluster => replicas[cluster] === 0)
}

/** The ready pods of each cluster, over all workloads. */
export function countReplicas(
  statuses: readonly TemplateStatus[],
  clusters: readonly string[],
): Record<string, number> {
  const regions = statuses
    .filter(({ template }) => replicasOf(template) !== undefined)
    .flatMap(({ status }) => status.regions)
  const count = (name: string) =>
    regions.filter(({ cluster }) => cluster === name).reduce((sum, { ready }) => sum + (ready ?? 0), 0)
  return Object.fromEntries(clusters.map(name => [name, count(name)]))
}

function isLoadBalancer(template: KubeObject): boolean {
  return template.kind === 'Service' && (template.spec as ServiceSpec | undefined)?.type === 'LoadBalancer'
}

function describePort({
  name,
  port,
  protocol,
}: NonNullable<ServiceSpec['ports']>[number]): Endpoint['ports'][number] {
  return { ...(name !== undefined && { name }), port, protocol: protocol ?? 'TCP' }
}
