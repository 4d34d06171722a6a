import { buildOverridePolicy, buildPropagationPolicy, type Placement } from '@meridian/karmada'
import { type KubeObject, refOf } from '@meridian/kube'
import { type Marks, markObject } from './mark-object.ts'

/** Lower tiers are applied first; objects of one tier at once. */
export type Desired = { object: KubeObject; tier: number; role: 'template' | 'policy' }

const config = [
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
const front = ['Service', 'Ingress', 'HorizontalPodAutoscaler', 'PodDisruptionBudget']

/**
 * Everything that is to be in the federation: the templates, and for each its policies. Overrides come before
 * what they override: a Service that got to a member with the control plane's node port would keep it.
 */
export function buildDesired(
  templates: readonly KubeObject[],
  placement: Placement,
  marks: Marks,
): Desired[] {
  const policy = (object: KubeObject, tier: number): Desired => ({
    object: markObject(object, marks),
    tier,
    role: 'policy',
  })
  const desired = templates.flatMap((template): Desired[] => {
    const own: Desired = { object: markObject(template, marks), tier: tierOf(template), role: 'template' }
    // Karmada carries namespaces to every member by itself.
    if (template.kind === 'Namespace') return [own]
    const override = buildOverridePolicy(template)
    return [
      own,
      policy(buildPropagationPolicy(refOf(template), placement), 2),
      ...(override ? [policy(override, 1)] : []),
    ]
  })
  return desired.sort((a, b) => a.tier - b.tier)
}

function tierOf({ kind }: KubeObject): number {
  if (kind === 'Namespace') return 0
  if (config.includes(kind)) return 3
  return front.includes(kind) ? 5 : 4
}
