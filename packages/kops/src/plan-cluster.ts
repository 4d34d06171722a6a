/** What the state bucket says of a cluster. */
export type ObservedCluster = {
  /** `<name>/config` is there: the cluster exists for kops. */
  readonly config: boolean
  readonly instanceGroups: readonly string[]
  /** An update has begun: there may be cloud resources. */
  readonly completed: boolean
}

export type ClusterPlan =
  | { readonly kind: 'create' }
  | { readonly kind: 'update' }
  /** The spec was saved only in part and nothing was built from it. */
  | { readonly kind: 'recreate' }
  | { readonly kind: 'refuse'; readonly reason: string }

/**
 * Decides how a cluster comes to be. kops saves the config first, the instance groups next, and builds last; a
 * run that was killed between them leaves a cluster that `create` says exists and `update` cannot read.
 */
export function planCluster(observed: ObservedCluster): ClusterPlan {
  if (!observed.config) return { kind: 'create' }
  const has = (prefix: string) => observed.instanceGroups.some(group => group.startsWith(prefix))
  if (has('control-plane') && observed.instanceGroups.some(group => !group.startsWith('control-plane')))
    return { kind: 'update' }
  if (!observed.completed) return { kind: 'recreate' }
  return {
    kind: 'refuse',
    reason:
      'the state bucket has the cluster, but its instance groups are gone, while its cloud resources may still run',
  }
}
