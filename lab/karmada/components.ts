import { isPodReady } from '@meridian/lab-clusters/objects'
import type { KubeObject, Store } from '@meridian/lab-kube-api'
import { systemNamespace } from './names.ts'

export const apiComponent = 'karmada-apiserver'
export const aggregatedComponent = 'karmada-aggregated-apiserver'

/** The ready pods of a Deployment of the control plane. */
export function readyPods(store: Store, component: string): KubeObject[] {
  const deployment = store.get('Deployment', systemNamespace, component)
  const selector = (deployment?.spec as { selector?: { matchLabels?: Record<string, string> } } | undefined)
    ?.selector
  if (!selector?.matchLabels) return []
  return store.list('Pod', { namespace: systemNamespace, labels: selector.matchLabels }).filter(isPodReady)
}

/** Whether a component of the control plane has a ready pod. */
export function isComponentReady(store: Store, component: string): boolean {
  return readyPods(store, component).length > 0
}
