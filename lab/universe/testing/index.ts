export { karmadaPrograms, startKarmadaItself, withoutPrograms } from './karmada-itself.ts'
export { kopsItself, lacks, startMoto } from './kops-itself.ts'
export {
  clusterInput,
  type LabClusters,
  type Name,
  regions,
  startClusters,
  until,
  writesOf,
} from './lab-clusters.ts'
export { stubAws, useUniverse } from './use-universe.ts'
