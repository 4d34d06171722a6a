export { addEksCluster, type NewEks } from './add-cluster.ts'
export type { EksHandle } from './handle.ts'
