import { type Aws, createClusterHost, type KubeHost } from '@meridian/lab-clusters'
import type { World } from '@meridian/lab-world'
import { startKarmada } from './start-karmada.ts'

/** Hosts the world's clusters, with the Karmada control planes that people install on them: bare ones on request. */
export function createFederationHost(world: World, aws: Aws, { bare = false } = {}): KubeHost {
  return createClusterHost(world, aws, (cluster, findServer) => startKarmada(cluster, { findServer, bare }))
}
