import { isNewerVersion } from './versions.ts'

/** What kops has saved of a cluster first of all: this file is what its existence means to kops. */
export type SavedConfig = {
  /** Of its subnets; undefined where they do not tell. */
  readonly region: string | undefined
  /** Tags of its cloud resources. */
  readonly labels: Readonly<Record<string, string>>
}

/** What the state store says of a cluster. kops saves the config first, the instance groups next, and builds last. */
export type ObservedCluster = {
  /** Of `<name>/config`, which makes the cluster exist for kops. */
  readonly config: SavedConfig | undefined
  readonly instanceGroups: readonly string[]
  /** An update has begun: there may be cloud resources. That it is absent proves nothing. */
  readonly completed: boolean
  /** The newest kops that has changed it; undefined before its first update has ended. */
  readonly kopsVersion?: string | undefined
}

export const absentCluster: ObservedCluster = { config: undefined, instanceGroups: [], completed: false }

/** Whether a kops can read the cluster: its instance groups are there, and no newer kops has changed it. */
export function isReadable(observed: ObservedCluster, kopsVersion: string): boolean {
  const isControlPlane = (group: string) => group.startsWith('control-plane') || group.startsWith('master')
  const { config, instanceGroups } = observed
  const whole = instanceGroups.some(isControlPlane) && !instanceGroups.every(isControlPlane)
  return config !== undefined && whole && !isTooNew(observed, kopsVersion)
}

/** Whether a newer kops than the given one has changed the cluster: kops then refuses to. */
export function isTooNew({ kopsVersion: last }: ObservedCluster, kopsVersion: string): boolean {
  return last !== undefined && isNewerVersion(last, kopsVersion)
}
