import type { KubeObject } from '@meridian/lab-kube-api'
import type { ClusterSpec } from '@meridian/lab-world'
import type { Aws } from './aws.ts'

type ServicePort = {
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

/** What makes load balancers for the Services of a cluster; each of its controllers minds its own. */
export type LoadBalancerController = {
  finalizer: string
  /** Whether a Service is its own, as long as that is to have a load balancer at all. */
  minds(service: KubeObject, spec: ServiceSpec): boolean
  /** Whether it runs, where it is a program that people start: what it minds waits until then. */
  runs?(): boolean
  create(service: KubeObject, cluster: { aws: Aws; spec: ClusterSpec }): MadeLoadBalancer
  /** It names the load balancer in the Service's status as soon as AWS has taken the order, before the name resolves. */
  early: boolean
  /** What it says in events. */
  words: Record<'begins' | 'made' | 'releases' | 'released', [reason: string, message: string] | undefined>
  component: string
}

/** A load balancer that is being made: `hostname` may be an address. */
export type MadeLoadBalancer = { hostname: string; ready: Promise<unknown>; remove(): void }
