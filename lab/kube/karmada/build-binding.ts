import type { KubeObject } from '../api/index.ts'
import { templateReplicas } from './build-manifest.ts'
import { bindingName } from './names.ts'

type PolicyLike = { kind: string; metadata: KubeObject['metadata']; spec: Record<string, unknown> }

export type BindingKind = 'ResourceBinding' | 'ClusterResourceBinding'

/** Which kind of binding a template has: cluster-wide templates have cluster-wide bindings. */
export function bindingKindFor(template: KubeObject): BindingKind {
  return template.metadata.namespace ? 'ResourceBinding' : 'ClusterResourceBinding'
}

/** The binding of a template under a policy, without what scheduling adds to it. */
export function buildBinding(template: KubeObject, policy: PolicyLike): KubeObject {
  const { namespace, name, uid = '', resourceVersion } = template.metadata
  const prefix = `${policy.kind.toLowerCase()}.karmada.io`
  const replicas = templateReplicas(template)
  const {
    // Without a placement a template goes to every member.
    placement = {},
    propagateDeps,
    conflictResolution,
    schedulerName,
    failover,
    preserveResourcesOnDeletion,
    suspension,
  } = policy.spec
  const given = {
    placement,
    propagateDeps,
    conflictResolution,
    schedulerName,
    failover,
    preserveResourcesOnDeletion,
    suspension,
  }
  return {
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: bindingKindFor(template),
    metadata: {
      name: bindingName(template.kind, name),
      ...(namespace ? { namespace } : {}),
      labels: { [`${prefix}/permanent-id`]: policy.metadata.uid ?? '' },
      annotations: {
        [`${prefix}/name`]: policy.metadata.name,
        ...(policy.metadata.namespace ? { [`${prefix}/namespace`]: policy.metadata.namespace } : {}),
      },
      ownerReferences: [
        {
          apiVersion: template.apiVersion,
          kind: template.kind,
          name,
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      resource: {
        apiVersion: template.apiVersion,
        kind: template.kind,
        ...(namespace ? { namespace } : {}),
        name,
        uid,
        resourceVersion,
      },
      ...(replicas > 0 ? { replicas, replicaRequirements: requirements(template) } : {}),
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    },
  }
}

function requirements(template: KubeObject): Record<string, unknown> {
  type PodSpec = { containers?: { resources?: { requests?: object } }[] }
  const spec = template.spec as PodSpec & { template?: { spec?: PodSpec } }
  const { containers = [] } = template.kind === 'Pod' ? spec : (spec.template?.spec ?? {})
  const resourceRequest = Object.assign(
    {},
    ...containers.map(each => each.resources?.requests ?? {}),
  ) as object
  return Object.keys(resourceRequest).length > 0 ? { resourceRequest } : {}
}
