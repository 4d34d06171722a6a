import type { KubeObject } from '@meridian/lab-kube-api'
import { matchesLabels } from './select-clusters.ts'
import type { ResourceSelector } from './types.ts'

/** How precisely a selector names an object: 0 not at all, 1 everything of the kind, 2 by labels, 3 by name. */
export function matchPriority(
  object: KubeObject,
  selector: ResourceSelector,
  namespace?: string,
): 0 | 1 | 2 | 3 {
  if (selector.apiVersion !== object.apiVersion || selector.kind !== object.kind) return 0
  const wanted = selector.namespace || namespace
  if (wanted && object.metadata.namespace !== wanted) return 0
  if (namespace && object.metadata.namespace !== namespace) return 0
  if (selector.name) return selector.name === object.metadata.name ? 3 : 0
  if (selector.labelSelector)
    return matchesLabels(object.metadata.labels ?? {}, selector.labelSelector) ? 2 : 0
  return 1
}

type Policy = {
  metadata: KubeObject['metadata']
  spec: { resourceSelectors?: ResourceSelector[]; priority?: number }
}

/**
 * The policy that wins an object: highest explicit priority, then the more precise selector, then the
 * alphabetically first name.
 */
export function choosePolicy<T extends Policy>(object: KubeObject, policies: readonly T[]): T | undefined {
  const rated = policies
    .filter(policy => !policy.metadata.deletionTimestamp)
    .map(policy => ({ policy, precision: precision(object, policy) }))
    .filter(each => each.precision > 0)
  rated.sort(
    (a, b) =>
      (b.policy.spec.priority ?? 0) - (a.policy.spec.priority ?? 0) ||
      b.precision - a.precision ||
      (a.policy.metadata.name < b.policy.metadata.name ? -1 : 1),
  )
  return rated[0]?.policy
}

function precision(object: KubeObject, policy: Policy): number {
  const selectors = policy.spec.resourceSelectors ?? []
  return Math.max(0, ...selectors.map(each => matchPriority(object, each, policy.metadata.namespace)))
}
