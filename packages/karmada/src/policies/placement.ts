/** How replicas are spread. `clusters` are the members that take part, in the order they were given. */
export type Placement = {
  /**
   * `even` and `weights` divide replicas by fixed weights, `dynamic` by free capacity; `duplicate` runs the full
   * number in every cluster. What has no replicas (a Service) goes whole to every cluster in any case.
   */
  mode: 'even' | 'weights' | 'dynamic' | 'duplicate'
  clusters: readonly string[]
  /** For `weights` only; a cluster of weight 0 or without weight takes no part. */
  weights?: Readonly<Record<string, number>>
}

/** The fixed weight of each cluster that takes part; `undefined` where replicas are not divided by fixed weights. */
export function placementWeights(placement: Placement): Record<string, number> | undefined {
  if (placement.mode === 'even') return Object.fromEntries(placement.clusters.map(name => [name, 1]))
  if (placement.mode !== 'weights') return undefined
  const weights = placement.weights ?? {}
  const given = placement.clusters.map(name => [name, weights[name] ?? 0] as const)
  return Object.fromEntries(given.filter(([, weight]) => weight > 0))
}

/** The clusters that get a copy of each object. */
export function placementClusters(placement: Placement): string[] {
  const weights = placementWeights(placement)
  return weights === undefined ? [...placement.clusters] : Object.keys(weights)
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

type Written = {
  clusterAffinity?: { clusterNames?: string[] }
  replicaScheduling?: {
    replicaSchedulingType?: string
    weightPreference?: {
      dynamicWeight?: string
      staticWeightList?: { targetCluster: { clusterNames?: string[] }; weight: number }[]
    }
  }
}

/** What `buildPlacement` was given, in the same sense; undefined of a `placement` that it has not built. */
export function readPlacement(written: unknown): Placement | undefined {
  const { clusterAffinity, replicaScheduling } = (written ?? {}) as Written
  const clusters = clusterAffinity?.clusterNames
  if (clusters === undefined || replicaScheduling === undefined) return undefined
  if (replicaScheduling.replicaSchedulingType === 'Duplicated') return { mode: 'duplicate', clusters }
  const { dynamicWeight, staticWeightList } = replicaScheduling.weightPreference ?? {}
  if (dynamicWeight !== undefined) return { mode: 'dynamic', clusters }
  const weights = (staticWeightList ?? []).flatMap(({ targetCluster: { clusterNames = [] }, weight }) =>
    clusterNames.map(name => [name, weight] as const),
  )
  return weights.length === 0
    ? undefined
    : { mode: 'weights', clusters, weights: Object.fromEntries(weights) }
}
