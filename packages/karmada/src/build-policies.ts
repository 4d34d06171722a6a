import type { KubeObject, ObjectRef } from '@meridian/kube'
import { bindingName } from './binding-status.ts'
import { policyVersion } from './names.ts'
import { type Placement, placementClusters, placementWeights } from './placement.ts'

type Marks = { labels?: Record<string, string>; annotations?: Record<string, string> }

/**
 * The policy that sends one object to its clusters. Each object has its own, named like its binding, so that
 * two apps in a namespace do not share a policy that either of them would overwrite.
 */
export function buildPropagationPolicy(
  resource: ObjectRef,
  placement: Placement,
  marks: Marks = {},
): KubeObject {
  return {
    apiVersion: policyVersion,
    kind: resource.namespace ? 'PropagationPolicy' : 'ClusterPropagationPolicy',
    metadata: policyMeta(resource, marks),
    spec: {
      resourceSelectors: [selectorOf(resource)],
      // ConfigMaps and Secrets that the pods use travel with them, also those made by other means.
      propagateDeps: true,
      conflictResolution: 'Abort',
      placement: buildPlacement(placement),
    },
  }
}

/** The `placement` of a policy. */
export function buildPlacement(placement: Placement): Record<string, unknown> {
  const clusterAffinity = { clusterNames: placementClusters(placement) }
  const weights = placementWeights(placement)
  if (placement.mode === 'duplicate') {
    return { clusterAffinity, replicaScheduling: { replicaSchedulingType: 'Duplicated' } }
  }
  const weightPreference =
    weights === undefined
      ? { dynamicWeight: 'AvailableReplicas' }
      : {
          staticWeightList: Object.entries(weights).map(([name, weight]) => ({
            targetCluster: { clusterNames: [name] },
            weight,
          })),
        }
  return {
    clusterAffinity,
    replicaScheduling: {
      replicaSchedulingType: 'Divided',
      replicaDivisionPreference: 'Weighted',
      weightPreference,
    },
  }
}

type ServiceSpec = {
  type?: string
  allocateLoadBalancerNodePorts?: boolean
  ports?: { nodePort?: number }[]
}

/**
 * Lets each member choose its own node ports: the control plane allocates one to every load balancer Service of
 * a template, and would force it on members where it may be taken. `undefined` where nothing must be overridden;
 * ports that a manifest states are left as stated.
 */
export function buildOverridePolicy(service: KubeObject, marks: Marks = {}): KubeObject | undefined {
  if (service.kind !== 'Service' || service.apiVersion !== 'v1') return undefined
  const spec = (service.spec ?? {}) as ServiceSpec
  const allocated =
    spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)
  const paths = (spec.ports ?? []).flatMap((port, index) =>
    port.nodePort === undefined ? [`/spec/ports/${index}/nodePort`] : [],
  )
  if (!allocated || paths.length === 0) return undefined
  const { apiVersion, kind, metadata } = service
  const resource = { apiVersion, kind, name: metadata.name, namespace: metadata.namespace }
  return {
    apiVersion: policyVersion,
    kind: 'OverridePolicy',
    metadata: policyMeta(resource, marks),
    spec: {
      resourceSelectors: [selectorOf(resource)],
      overrideRules: [{ overriders: { plaintext: paths.map(path => ({ path, operator: 'remove' })) } }],
    },
  }
}

function policyMeta(resource: ObjectRef, marks: Marks): KubeObject['metadata'] {
  return {
    name: bindingName(resource.kind, resource.name),
    ...(resource.namespace && { namespace: resource.namespace }),
    ...marks,
  }
}

function selectorOf(resource: ObjectRef): Record<string, unknown> {
  const { apiVersion, kind, name, namespace } = resource
  return { apiVersion, kind, ...(namespace && { namespace }), name }
}
