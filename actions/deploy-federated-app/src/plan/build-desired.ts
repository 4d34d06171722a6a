import { buildOverridePolicy, buildPropagationPolicy, type MemberClasses } from '@meridian/karmada'
import { describeRef, type KubeObject, refOf } from '@meridian/kube'
import { type AppPlacement, placementOf } from '../placement/app-placement.ts'
import { type Marks, markObject } from './mark-object.ts'

/** Lower tiers are applied first; objects of one tier at once. A policy says where its template goes. */
export type Desired = { object: KubeObject; tier: number; role: 'template' | 'policy' | 'override' }

/** The first tier of templates that travel; what is below lets them. */
export const firstPropagated = 3

/** What workloads refer to, or are refused or open to everybody without. */
const config = [
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'IngressClass',
  'ResourceQuota',
  'LimitRange',
  'NetworkPolicy',
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'PersistentVolumeClaim',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
]
const front = ['Service', 'Ingress', 'Gateway', 'HTTPRoute', 'HorizontalPodAutoscaler', 'PodDisruptionBudget']

/**
 * Everything that is to be in the federation: the templates, and for each its policies. Overrides come before
 * what they override: a Service that got to a member with the control plane's node port would keep it.
 */
export function buildDesired(
  templates: readonly KubeObject[],
  placement: AppPlacement,
  marks: Marks,
  { adopt = false, classes }: { adopt?: boolean; classes?: ReadonlyMap<string, MemberClasses> } = {},
): Desired[] {
  const desired = templates.flatMap((template): Desired[] => {
    const own: Desired = { object: markObject(template, marks), tier: tierOf(template), role: 'template' }
    // Karmada carries namespaces to every member by itself.
    if (template.kind === 'Namespace') return [own]
    const policy = buildPropagationPolicy(refOf(template), placementOf(placement, template), {
      overwrite: adopt,
    })
    const override = buildOverridePolicy(template, classes?.get(describeRef(refOf(template))))
    return [
      own,
      { object: markObject(policy, marks), tier: 2, role: 'policy' },
      ...(override ? [{ object: markObject(override, marks), tier: 1, role: 'override' } as const] : []),
    ]
  })
  return desired.sort((a, b) => a.tier - b.tier)
}

function tierOf({ kind }: KubeObject): number {
  if (kind === 'Namespace') return 0
  if (config.includes(kind)) return firstPropagated
  return front.includes(kind) ? firstPropagated + 2 : firstPropagated + 1
}
