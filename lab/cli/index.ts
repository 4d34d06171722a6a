export { checkBuilt } from './check-story.ts'
export { makeEksClusters, withProvider } from './eks-story.ts'
export { listLeftOvers, observe } from './observe.ts'
export { readOutputs } from './read-outputs.ts'
