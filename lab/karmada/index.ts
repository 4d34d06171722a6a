export { createFederationHost } from './host.ts'
export { managedAnnotations, managedLabels } from './works.ts'
