export { create, name } from './kops-cluster.ts'
export { makeBucket, runChild } from './tool-world.ts'
