// What inputs are read with: an action reads them before it loads anything else.
export { checkKubernetesVersion, defaultKubernetesVersion } from './state/versions.ts'
