import { type ControlLoop, keyOf, startControlLoop } from '@meridian/lab-clusters/control-loop'
import { writeStatus } from '@meridian/lab-clusters/objects'
import { type Condition, findCondition, type KubeObject, setCondition } from '@meridian/lab-kube-api'
import { isFields, listAt, sameJson, valueAt } from '@meridian/lab-world/json'
import { aggregateTemplateStatus } from '../aggregate-status.ts'
import { type ControlPlane, nowOf } from '../control-plane.ts'
import { findTemplate } from '../map-kinds.ts'
import { clusterOfSpace } from '../names.ts'
import type { BindingSpec } from '../needs-scheduling.ts'
import { tell } from '../tell.ts'
import type { AggregatedStatusItem } from '../types.ts'
import { bindingKeyOf, findBinding, targetsOf, worksOf } from './binding.ts'

/** Gathers the Works' statuses into bindings, and from there into the templates. */
export function startBindingStatus(plane: ControlPlane): ControlLoop {
  const loop = startControlLoop({ clock: plane.world.clock, reconcile: key => reconcile(plane, key) })
  for (const kind of ['ResourceBinding', 'ClusterResourceBinding']) {
    loop.follow(plane.store, kind, object => [keyOf(object)])
  }
  loop.follow(plane.store, 'Work', bindingKeyOf)
  return loop
}

function reconcile(plane: ControlPlane, key: string): undefined {
  const binding = findBinding(plane, key)
  if (!binding || binding.metadata.deletionTimestamp) return
  const spec = binding.spec as BindingSpec
  const works = worksOf(plane, binding).filter(work => !work.metadata.deletionTimestamp)
  const items = works.map(itemOf).sort((a, b) => (a.clusterName < b.clusterName ? -1 : 1))
  const applied = fullyApplied(
    targetsOf(spec).map(target => target.name),
    items,
  )
  const { kind, metadata } = binding
  const change = (draft: KubeObject) => {
    const before = (draft.status ?? {}) as { conditions?: Condition[] }
    const conditions = applied
      ? setCondition(before.conditions, applied, nowOf(plane))
      : (before.conditions ?? [])
    draft.status = { ...before, conditions, aggregatedStatus: items }
  }
  const next = plane.store.modify(kind, metadata.namespace, metadata.name, change, { status: true })
  if (next && next.metadata.resourceVersion !== metadata.resourceVersion) {
    const path = metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name
    tellAggregated(plane, next, `Update ${kind}(${path}) with AggregatedStatus successfully.`)
  }
  writeTemplate(plane, spec, items)
}

function itemOf(work: KubeObject): AggregatedStatusItem {
  const applied = findCondition(work, 'Applied')
  const isApplied = applied?.status === 'True'
  const manifest = listAt(work, 'status', 'manifestStatuses')[0]
  const status = valueAt(manifest, 'status')
  const health = valueAt(manifest, 'health') as AggregatedStatusItem['health']
  return {
    clusterName: clusterOfSpace(work.metadata.namespace) ?? '',
    ...(isApplied ? { applied: true } : {}),
    ...(applied?.status === 'False' ? { appliedMessage: applied.message } : {}),
    // Of what is not applied nothing else is told.
    ...(isFields(status) && isApplied ? { status } : {}),
    health: (isApplied && health) || 'Unknown',
  }
}

function fullyApplied(
  targets: readonly string[],
  items: readonly AggregatedStatusItem[],
): Omit<Condition, 'lastTransitionTime'> | undefined {
  if (targets.length === 0) return undefined
  const type = 'FullyApplied'
  const applied = targets.every(target => items.some(item => item.clusterName === target && item.applied))
  return applied
    ? {
        type,
        status: 'True',
        reason: 'FullyAppliedSuccess',
        message: 'All works have been successfully applied',
      }
    : {
        type,
        status: 'False',
        reason: 'FullyAppliedFailed',
        message: 'Failed to apply all works, see status.aggregatedStatus for details',
      }
}

function writeTemplate(plane: ControlPlane, spec: BindingSpec, items: readonly AggregatedStatusItem[]): void {
  const template = findTemplate(plane, spec.resource)
  const status = template && aggregateTemplateStatus(template, items, nowOf(plane))
  if (!status || sameJson(template.status, status)) return
  writeStatus(plane.store, template, status)
  tellAggregated(plane, template, 'Update Resource with AggregatedStatus successfully.')
}

function tellAggregated(plane: ControlPlane, about: KubeObject, message: string): void {
  const component = `${about.metadata.namespace ? '' : 'cluster-'}resource-binding-status-controller`
  tell(plane, [about], { reason: 'AggregateStatusSucceed', message, component })
}
