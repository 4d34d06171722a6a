import { isFields, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { column, columns } from '../columns.ts'
import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { countColumn } from './workload-cells.ts'

const textOr =
  (empty: string, ...path: readonly string[]) =>
  (object: KubeObject) =>
    textAt(object, ...path) || empty

export const disruptionBudgetKind: Kind = {
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  namespaced: true,
  status: true,
  generation: true,
  columns: columns([
    column('Min Available', textOr('N/A', 'spec', 'minAvailable')),
    column('Max Unavailable', textOr('N/A', 'spec', 'maxUnavailable')),
    countColumn('Allowed Disruptions', 'status', 'disruptionsAllowed'),
  ]),
}

function describeTargets(object: KubeObject): string {
  const targets = listAt(object, 'spec', 'metrics').map((metric, index) => {
    const wanted = textAt(metric, 'resource', 'target', 'averageUtilization')
    const current = valueAt(
      listAt(object, 'status', 'currentMetrics')[index],
      'resource',
      'current',
      'averageUtilization',
    )
    const name = textAt(metric, 'resource', 'name')
    return `${name}: ${current === undefined ? '<unknown>' : `${current}%`}/${wanted ? `${wanted}%` : '<auto>'}`
  })
  return targets.join(', ') || '<none>'
}

export const autoscalerKind: Kind = {
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  status: true,
  columns: columns([
    column('Reference', object => {
      const target = valueAt(object, 'spec', 'scaleTargetRef')
      return isFields(target) ? `${target.kind}/${target.name}` : ''
    }),
    column('Targets', describeTargets),
    column('MinPods', textOr('<unset>', 'spec', 'minReplicas')),
    countColumn('MaxPods', 'spec', 'maxReplicas'),
    countColumn('Replicas', 'status', 'currentReplicas'),
  ]),
}
