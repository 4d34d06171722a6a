import type { ApiServer, Store } from '@meridian/lab-kube-api'
import type { ClusterSpec, World } from '@meridian/lab-world'
import type { Aws } from './aws.ts'
import type { ClusterKind } from './cluster-kind.ts'

/** A running cluster, as its controllers see it. */
export type Cluster = {
  world: World
  aws: Aws
  spec: ClusterSpec
  kind: ClusterKind
  server: ApiServer
  store: Store
  /** The API server is away while no machine of a control plane runs, and back with the version of the one that joins. */
  api: { isUp(): boolean; version(): string; down(): void; up(version: string): void }
}

/** PEM of what clients of a cluster are told to trust. */
export const trustOf = ({ bundle, authority }: ClusterSpec): string => bundle ?? authority.certificate

/** Stops what was started. */
export type Stop = () => void | Promise<void>
