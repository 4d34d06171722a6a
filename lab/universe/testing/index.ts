export { karmadaPrograms, startKarmadaItself, withoutPrograms } from './karmada-itself.ts'
export { kopsItself, lacks, startMoto } from './kops-itself.ts'
export { stubAws, useUniverse } from './use-universe.ts'
