import type { ClusterSpec } from '../../world/index.ts'
import type { KubeObject } from '../api/index.ts'

export type ServicePort = {
  name?: string
  port: number
  nodePort?: number
  protocol?: string
  targetPort?: number | string
}
export type ServiceSpec = {
  type?: string
  ports?: ServicePort[]
  selector?: Record<string, string>
  loadBalancerClass?: string
}

const typeAnnotation = 'service.beta.kubernetes.io/aws-load-balancer-type'

/** Whether the in-tree cloud controller makes a load balancer for a Service; one that is being deleted loses it. */
export function isWantedLoadBalancer(service: KubeObject): boolean {
  const spec = service.spec as ServiceSpec | undefined
  return spec?.type === 'LoadBalancer' && !spec.loadBalancerClass && !service.metadata.deletionTimestamp
}

/** The host name that a Service's status names; undefined before there is one. */
export function ingressHost(service: KubeObject): string | undefined {
  const status = service.status as { loadBalancer?: { ingress?: { hostname?: string }[] } } | undefined
  return status?.loadBalancer?.ingress?.[0]?.hostname
}

/** The name AWS knows it by: `a` and the Service's uid without dashes, 32 characters. */
export function loadBalancerName(service: KubeObject): string {
  return `a${(service.metadata.uid ?? '').replaceAll('-', '')}`.slice(0, 32)
}

/** What to ask AWS for: classic unless the Service's annotation says nlb, tagged as the cloud controller tags. */
export function loadBalancerOf(
  service: KubeObject,
  cluster: Pick<ClusterSpec, 'name' | 'account' | 'region'>,
) {
  const { namespace, name, annotations = {} } = service.metadata
  const spec = service.spec as ServiceSpec
  return {
    ...(cluster.account !== undefined && { account: cluster.account }),
    region: cluster.region,
    name: loadBalancerName(service),
    type: annotations[typeAnnotation] === 'nlb' ? ('network' as const) : ('classic' as const),
    tags: {
      KubernetesCluster: cluster.name,
      [`kubernetes.io/cluster/${cluster.name}`]: 'owned',
      'kubernetes.io/service-name': `${namespace}/${name}`,
    },
    listeners: (spec.ports ?? []).map(({ port, nodePort = 0, protocol = 'TCP' }) => ({
      port,
      protocol,
      instancePort: nodePort,
      instanceProtocol: protocol,
    })),
  }
}
