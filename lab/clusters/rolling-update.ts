import type { KubeObject } from '@meridian/lab-kube-api'
import { numberAt, textAt, valueAt } from '@meridian/lab-world/json'
import { wantedReplicas } from './ownership.ts'

export type Sizes = { current: number; older: number[] }

/** How many replicas may be missing, and how many there may be too many, while a Deployment is rolled out. */
export function rollingLimits(deployment: KubeObject): { surge: number; missing: number } {
  const wanted = wantedReplicas(deployment)
  const limit = (field: string, round: (value: number) => number) =>
    resolve(valueAt(deployment, 'spec', 'strategy', 'rollingUpdate', field) ?? '25%', wanted, round)
  const surge = limit('maxSurge', Math.ceil)
  const missing = limit('maxUnavailable', Math.floor)
  // Without any room nothing could ever move.
  return { surge, missing: surge === 0 && missing === 0 ? 1 : missing }
}

/** A count, or a share of the wanted replicas such as `25%`. */
function resolve(value: unknown, wanted: number, round: (value: number) => number): number {
  const text = String(value)
  return text.endsWith('%') ? round((Number(text.slice(0, -1)) * wanted) / 100) : Number(text)
}

/**
 * The next sizes of the newest and the older ReplicaSets (the oldest first), as Kubernetes' deployment controller
 * steps: the new one grows as far as the surge allows, of the old ones first what is not available goes, then as
 * many as are not needed to have enough available.
 */
export function nextSizes(deployment: KubeObject, current: KubeObject, older: readonly KubeObject[]): Sizes {
  const wanted = wantedReplicas(deployment)
  const oldSizes = older.map(wantedReplicas)
  const oldTotal = sum(oldSizes)
  if (textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate') {
    const gone = older.every(set => numberAt(set, 'status', 'replicas') === 0)
    return { current: gone ? wanted : wantedReplicas(current), older: oldSizes.map(() => 0) }
  }
  const { surge, missing } = rollingLimits(deployment)
  const size = wantedReplicas(current)
  const room = wanted + surge - size - oldTotal
  const grown = size >= wanted ? wanted : Math.min(wanted, size + Math.max(0, room))
  return { current: grown, older: shrink(older, current, wanted - missing) }
}

function shrink(older: readonly KubeObject[], current: KubeObject, leastAvailable: number): number[] {
  const sizes = older.map(wantedReplicas)
  const newMissing = wantedReplicas(current) - availableOf(current)
  let mayGo = Math.max(0, sum(sizes) + wantedReplicas(current) - leastAvailable - newMissing)
  const healthy = sizes.map((size, index) => {
    const broken = Math.min(mayGo, Math.max(0, size - availableOf(older[index])))
    mayGo -= broken
    return size - broken
  })
  let spare = Math.max(0, availableOf(current) + sum(older.map(availableOf)) - leastAvailable)
  return healthy.map(size => {
    const going = Math.min(size, spare, mayGo)
    spare -= going
    mayGo -= going
    return size - going
  })
}

function availableOf(set: KubeObject | undefined): number {
  return numberAt(set, 'status', 'availableReplicas')
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
