export type { Cluster } from './cluster/cluster.ts'
export { createClusterHost, type KubeHost } from './cluster/host.ts'
export type { Outage } from './cluster/outage.ts'
