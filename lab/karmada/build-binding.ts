import { parseQuantity } from '@meridian/lab-clusters/objects'
import type { KubeObject } from '@meridian/lab-kube-api'
import { fieldsAt, listAt, valueAt } from '@meridian/lab-world/json'
import { podSpecOf, templateReplicas } from './interpret-replicas.ts'
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
  const replicaRequirements = replicas === undefined ? undefined : requirements(podSpecOf(template))
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
      labels: { [`${prefix}/permanent-id`]: policy.metadata.labels?.[`${prefix}/permanent-id`] ?? '' },
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
      ...(replicas ? { replicas } : {}),
      ...(replicaRequirements ? { replicaRequirements } : {}),
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    },
  }
}

/** What one pod asks for and which nodes may take it; undefined when it says neither. */
function requirements(podSpec: unknown): Record<string, unknown> | undefined {
  const resourceRequest = requestOf(podSpec)
  const nodeClaim = Object.fromEntries(
    ['nodeSelector', 'tolerations'].flatMap(field => {
      const value = valueAt(podSpec, field)
      return value === undefined ? [] : [[field, value]]
    }),
  )
  const parts = {
    ...(Object.keys(nodeClaim).length > 0 ? { nodeClaim } : {}),
    ...(Object.keys(resourceRequest).length > 0 ? { resourceRequest } : {}),
  }
  return Object.keys(parts).length > 0 ? parts : undefined
}

// The sum over its containers, where a limit stands for a request that is not made, or the greatest of those before them.
function requestOf(podSpec: unknown): Record<string, string> {
  const asked = (list: string) =>
    listAt(podSpec, list).map(
      each =>
        ({ ...fieldsAt(each, 'resources', 'limits'), ...fieldsAt(each, 'resources', 'requests') }) as Record<
          string,
          string
        >,
    )
  const [main, before] = [asked('containers'), asked('initContainers')]
  const names = [...new Set([...main, ...before].flatMap(Object.keys))].toSorted()
  const amount = (request: Record<string, string>, name: string) => parseQuantity(request[name])
  return Object.fromEntries(
    names.map(name => {
      const sum = main.reduce((total, each) => total + amount(each, name), 0)
      const needed = Math.max(sum, ...before.map(each => amount(each, name)))
      return [name, name === 'cpu' ? formatCpu(needed) : `${Math.ceil(needed)}`]
    }),
  )
}

function formatCpu(cores: number): string {
  return Number.isInteger(cores) ? `${cores}` : `${Math.round(cores * 1000)}m`
}
