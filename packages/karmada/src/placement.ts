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
