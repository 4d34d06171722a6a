// What inputs are read with: an action reads them before it loads anything else.
export { storeInputs } from './store-inputs.ts'
