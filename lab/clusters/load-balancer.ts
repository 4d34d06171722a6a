import { isIP } from 'node:net'
import type { NewLoadBalancer } from '@meridian/lab-aws'
import type { KubeObject } from '@meridian/lab-kube-api'
import type { ClusterSpec } from '@meridian/lab-world'
import type { LoadBalancerController, ServiceSpec } from './load-balancer-controller.ts'

const typeAnnotation = 'service.beta.kubernetes.io/aws-load-balancer-type'

/** Annotations by which Services leave the cloud controller for another one. */
const elsewhere = ['external', 'nlb-ip']

/** Whether the annotation of a Service gives it to the AWS load balancer controller. */
export const isExternal = ({ metadata }: KubeObject): boolean =>
  elsewhere.includes(metadata.annotations?.[typeAnnotation] ?? '')

/** The in-tree cloud controller's service part. */
export const inTreeController: LoadBalancerController = {
  finalizer: 'service.kubernetes.io/load-balancer-cleanup',
  minds: (service, { loadBalancerClass }) => !loadBalancerClass && !isExternal(service),
  create: (service, { aws, spec }) => aws.elb.create(loadBalancerOf(service, spec)),
  early: false,
  words: {
    begins: ['EnsuringLoadBalancer', 'Ensuring load balancer'],
    made: ['EnsuredLoadBalancer', 'Ensured load balancer'],
    releases: ['DeletingLoadBalancer', 'Deleting load balancer'],
    released: ['DeletedLoadBalancer', 'Deleted load balancer'],
  },
  component: 'service-controller',
}

/** Whether a controller makes a load balancer for a Service; one that is being deleted loses it. */
export function isWantedLoadBalancer(service: KubeObject, { minds }: LoadBalancerController): boolean {
  const spec = service.spec as ServiceSpec | undefined
  return spec?.type === 'LoadBalancer' && !service.metadata.deletionTimestamp && minds(service, spec)
}

type Ingress = { hostname?: string; ip?: string }

/** The host name, or the address, that a Service's status names; undefined before there is one. */
export function ingressHost(service: KubeObject): string | undefined {
  const status = service.status as { loadBalancer?: { ingress?: Ingress[] } } | undefined
  const [first] = status?.loadBalancer?.ingress ?? []
  return first?.hostname ?? first?.ip
}

/** What a status says of a load balancer: clouds name it, or give its address. */
export function ingressEntry(service: KubeObject, host: string): Record<string, unknown> {
  if (isIP(host) === 0) return { hostname: host }
  const { ports = [] } = service.spec as ServiceSpec
  return { ip: host, ipMode: 'Proxy', ports: ports.map(({ port, protocol = 'TCP' }) => ({ port, protocol })) }
}

/** The name AWS knows it by: `a` and the Service's uid without dashes, 32 characters. */
function loadBalancerName(service: KubeObject): string {
  return `a${(service.metadata.uid ?? '').replaceAll('-', '')}`.slice(0, 32)
}

/** What to ask AWS for: classic unless the Service's annotation says nlb, tagged as the cloud controller tags. */
function loadBalancerOf(
  service: KubeObject,
  cluster: Pick<ClusterSpec, 'name' | 'account' | 'region' | 'vpcId'>,
): NewLoadBalancer {
  const { namespace, name, annotations = {} } = service.metadata
  const spec = service.spec as ServiceSpec
  return {
    ...(cluster.account !== undefined && { account: cluster.account }),
    ...(cluster.vpcId !== undefined && { vpcId: cluster.vpcId }),
    region: cluster.region,
    name: loadBalancerName(service),
    type: annotations[typeAnnotation] === 'nlb' ? ('network' as const) : ('classic' as const),
    tags: {
      KubernetesCluster: cluster.name,
      [`kubernetes.io/cluster/${cluster.name}`]: 'owned',
      'kubernetes.io/service-name': `${namespace}/${name}`,
    },
    listeners: listenersOf(spec),
  }
}

/** A listener for each port of a Service. */
export const listenersOf = ({ ports = [] }: ServiceSpec) =>
  ports.map(({ port, nodePort = 0, protocol = 'TCP' }) => ({
    port,
    protocol,
    instancePort: nodePort,
    instanceProtocol: protocol,
  }))
