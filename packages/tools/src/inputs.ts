// What inputs are read with: an action reads them before it loads anything else.
export { karmadaInputs, kopsInputs, kubectlInputs } from './tool-inputs.ts'
