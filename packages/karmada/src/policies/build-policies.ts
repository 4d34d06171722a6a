import type { KubeObject, ObjectRef } from '@meridian/kube'
import { policyVersion } from '../names.ts'
import { bindingName } from '../status/binding.ts'
import { buildPlacement, type Placement } from './placement.ts'

/**
 * The policy that sends one object to its clusters. Each object has its own, named like its binding, so that
 * two apps in a namespace do not share a policy that either of them would overwrite. With `overwrite` it takes
 * over what the members have under that name already.
 */
export function buildPropagationPolicy(
  resource: ObjectRef,
  placement: Placement,
  { overwrite = false, labels }: { overwrite?: boolean; labels?: Record<string, string> } = {},
): KubeObject {
  return {
    apiVersion: policyVersion,
    kind: resource.namespace ? 'PropagationPolicy' : 'ClusterPropagationPolicy',
    metadata: { ...policyMeta(resource), ...(labels && { labels }) },
    spec: {
      resourceSelectors: [selectorOf(resource)],
      // ConfigMaps and Secrets that the pods use travel with them, also those made by other means.
      propagateDeps: true,
      conflictResolution: overwrite ? 'Overwrite' : 'Abort',
      placement: buildPlacement(placement),
    },
  }
}

/** Stands among clusters for every one, those included that are yet to come. */
export const everywhere = '*'

type Suspension = { dispatching?: boolean; dispatchingOnClusters?: { clusterNames?: string[] } }

/** The policy as it holds back changes from some clusters, or from `everywhere`: they keep what they have (Karmada ≥ 1.11). */
export function holdBack(policy: KubeObject, clusters: readonly string[]): KubeObject {
  const { suspension: _, ...spec } = policy.spec as Record<string, unknown>
  if (clusters.length === 0) return { ...policy, spec }
  const suspension: Suspension = clusters.includes(everywhere)
    ? { dispatching: true }
    : { dispatchingOnClusters: { clusterNames: [...clusters] } }
  return { ...policy, spec: { ...spec, suspension } }
}

/** The clusters from which a policy, or the binding made from it, holds back changes; it may be `everywhere`. */
export function heldClusters({ spec }: { readonly [field: string]: unknown }): string[] {
  const { suspension } = (spec ?? {}) as { suspension?: Suspension }
  return suspension?.dispatching ? [everywhere] : (suspension?.dispatchingOnClusters?.clusterNames ?? [])
}

/** The object that a policy of ours is for. */
export function policyTarget({ spec }: KubeObject): ObjectRef | undefined {
  return (spec as { resourceSelectors?: ObjectRef[] } | undefined)?.resourceSelectors?.[0]
}

/**
 * Has Karmada schedule a workload anew. It goes by itself, but not at once, and is carried out only once: its name has
 * the second in which it is asked for, since by whole seconds Karmada tells whether a schedule is older than it.
 */
export function buildRebalancer(
  resource: ObjectRef,
  binding: Pick<KubeObject, 'metadata'>,
  now: number,
): KubeObject {
  const { uid = '' } = binding.metadata
  const { apiVersion, kind, name, namespace } = resource
  return {
    apiVersion: 'apps.karmada.io/v1alpha1',
    kind: 'WorkloadRebalancer',
    metadata: { name: `meridian-${uid}-${Math.floor(now / 1000)}` },
    spec: {
      workloads: [{ apiVersion, kind, name, ...(namespace && { namespace }) }],
      ttlSecondsAfterFinished: 60,
    },
  }
}

type ServiceSpec = {
  type?: string
  loadBalancerClass?: string
  allocateLoadBalancerNodePorts?: boolean
  externalTrafficPolicy?: string
  healthCheckNodePort?: number
  ports?: ({ nodePort?: number } | null)[]
}

const classPath = '/spec/loadBalancerClass'

/** Whether members may give a Service a class of load balancer that its manifest does not state. */
export function takesClass({ apiVersion, kind, spec }: KubeObject): boolean {
  const { type, loadBalancerClass } = (spec ?? {}) as ServiceSpec
  return kind === 'Service' && apiVersion === 'v1' && type === 'LoadBalancer' && !loadBalancerClass
}

/** Classes of load balancers by cluster. */
export type MemberClasses = Readonly<Record<string, string>>

/** The classes that an override policy of ours keeps. */
export function classesIn({ spec }: KubeObject): MemberClasses {
  const { overrideRules = [] } = (spec ?? {}) as { overrideRules?: OverrideRule[] }
  return Object.fromEntries(
    overrideRules.flatMap(({ targetCluster, overriders }) => {
      const kept = overriders?.plaintext?.find(({ path }) => path === classPath)?.value
      return kept === undefined ? [] : (targetCluster?.clusterNames ?? []).map(name => [name, kept])
    }),
  )
}

type OverrideRule = {
  targetCluster?: { clusterNames?: string[] }
  overriders?: { plaintext?: { path: string; operator: string; value?: string }[] }
}

/**
 * Lets each member keep what is its own of a Service. Node ports: the control plane allocates one to every port of a load
 * balancer, and one for its health check with `externalTrafficPolicy: Local`, and would force them on members where they may
 * be taken. And the class that a member's webhook sets when the Service is made, as AWS's load balancer controller does: it can
 * never be changed, and without it every later version is refused. `undefined` where nothing must be overridden; what a
 * manifest states is left as stated.
 */
export function buildOverridePolicy(
  service: KubeObject,
  classes: MemberClasses = {},
): KubeObject | undefined {
  if (service.kind !== 'Service' || service.apiVersion !== 'v1') return undefined
  const paths = ownPorts(service)
  const rules: OverrideRule[] = [
    ...(paths.length > 0
      ? [{ overriders: { plaintext: paths.map(path => ({ path, operator: 'remove' })) } }]
      : []),
    ...(takesClass(service) ? classRules(classes) : []),
  ]
  if (rules.length === 0) return undefined
  const { apiVersion, kind, metadata } = service
  const resource = { apiVersion, kind, name: metadata.name, namespace: metadata.namespace }
  return {
    apiVersion: policyVersion,
    kind: 'OverridePolicy',
    metadata: policyMeta(resource),
    spec: { resourceSelectors: [selectorOf(resource)], overrideRules: rules },
  }
}

function classRules(classes: MemberClasses): OverrideRule[] {
  const entries = Object.entries(classes).sort(([one], [other]) => (one < other ? -1 : 1))
  return entries.map(([cluster, value]) => ({
    targetCluster: { clusterNames: [cluster] },
    overriders: { plaintext: [{ path: classPath, operator: 'add', value }] },
  }))
}

/** Paths of the ports that the control plane allocates to a Service. */
function ownPorts({ spec: stated }: KubeObject): string[] {
  const spec = (stated ?? {}) as ServiceSpec
  const allocated =
    spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)
  const ports = Array.isArray(spec.ports) ? spec.ports : []
  const portPaths = ports.flatMap((port, index) =>
    port?.nodePort === undefined ? [`/spec/ports/${index}/nodePort`] : [],
  )
  const isChecked =
    spec.type === 'LoadBalancer' &&
    spec.externalTrafficPolicy === 'Local' &&
    spec.healthCheckNodePort === undefined
  return [...(allocated ? portPaths : []), ...(isChecked ? ['/spec/healthCheckNodePort'] : [])]
}

function policyMeta(resource: ObjectRef): KubeObject['metadata'] {
  return {
    name: bindingName(resource.kind, resource.name),
    ...(resource.namespace && { namespace: resource.namespace }),
  }
}

function selectorOf(resource: ObjectRef): Record<string, unknown> {
  const { apiVersion, kind, name, namespace } = resource
  return { apiVersion, kind, ...(namespace && { namespace }), name }
}
