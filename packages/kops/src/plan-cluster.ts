import type { ClusterSpec } from './arguments.ts'
import type { SavedConfig } from './cluster-state.ts'
import { compareCluster, type Difference, type Resize, resizeGroups } from './compare-cluster.ts'
import type { SavedCluster } from './saved-cluster.ts'
import { isNewerVersion } from './versions.ts'

/** What the state store says of a cluster. */
export type ObservedCluster = {
  /** Of `<name>/config`, which makes the cluster exist for kops. */
  readonly config: SavedConfig | undefined
  readonly instanceGroups: readonly string[]
  /** An update has begun: there may be cloud resources. */
  readonly completed: boolean
  /** The newest kops that has changed it; undefined before its first update has ended. */
  readonly kopsVersion?: string | undefined
}

export type ClusterPlan =
  | { readonly kind: 'create' }
  | {
      readonly kind: 'update'
      readonly differences: readonly Difference[]
      readonly resizes: readonly Resize[]
      /** CIDRs to be set; undefined leaves them. */
      readonly apiAccess: readonly string[] | undefined
    }
  /** The spec was saved only in part, or nothing was built of what was saved and now something else is wanted. */
  | { readonly kind: 'recreate' }
  | { readonly kind: 'refuse'; readonly reason: string; readonly fix?: string }

/** Whether a kops can read the cluster: its instance groups are there, and no newer kops has changed it. */
export function isReadable(observed: ObservedCluster, kopsVersion: string): boolean {
  const isControlPlane = (group: string) => group.startsWith('control-plane')
  const { config, instanceGroups } = observed
  const whole = instanceGroups.some(isControlPlane) && !instanceGroups.every(isControlPlane)
  return config !== undefined && whole && !isTooOld(observed, kopsVersion)
}

const isTooOld = ({ kopsVersion: last }: ObservedCluster, kopsVersion: string) =>
  last !== undefined && isNewerVersion(last, kopsVersion)

/**
 * Decides how a cluster comes to be. kops saves the config first, the instance groups next, and builds last; a
 * run that was killed between them leaves a cluster that `create` says exists and `update` cannot read. `saved` is
 * what is there, where it is readable.
 */
export function planCluster(
  observed: ObservedCluster,
  saved: SavedCluster | undefined,
  spec: ClusterSpec,
  kopsVersion: string,
): ClusterPlan {
  if (observed.config === undefined) return { kind: 'create' }
  if (isTooOld(observed, kopsVersion)) {
    return {
      kind: 'refuse',
      reason: `kops ${observed.kopsVersion} has changed it, and kops ${kopsVersion} is older`,
      fix: `Set kops-version to ${observed.kopsVersion} or a later one.`,
    }
  }
  const differences = saved === undefined ? [] : compareCluster(saved, spec)
  if (!observed.completed && (saved === undefined || differences.length > 0)) return { kind: 'recreate' }
  if (saved === undefined) {
    return {
      kind: 'refuse',
      reason:
        'the state bucket has the cluster, but its instance groups are gone, while its cloud resources may still run',
    }
  }
  if (differences.some(({ remedy }) => remedy === 'refuse')) return refuseDifferences(differences)
  const applies = (input: string) => differences.some(each => each.input === input && each.remedy === 'apply')
  return {
    kind: 'update',
    differences,
    resizes: applies('node-count') ? resizeGroups(saved, spec) : [],
    apiAccess: applies('api-access') ? spec.apiAccess : undefined,
  }
}

function refuseDifferences(differences: readonly Difference[]): ClusterPlan {
  const refused = differences.filter(({ remedy }) => remedy === 'refuse')
  return {
    kind: 'refuse',
    reason: `it is there with other inputs than these: ${refused.map(describeDifference).join('; ')}`,
    fix: [...new Set(refused.map(({ advice }) => advice))].join(' '),
  }
}

/** `node-count is 1, not 3`. */
export function describeDifference({ input, saved, wanted }: Difference): string {
  return `${input} is ${saved || 'not set'}, not ${wanted}`
}
