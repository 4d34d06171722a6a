export { readFlags } from './flags.ts'
export { installTools } from './install-tools.ts'
export { createCertificates } from './karmadactl/certificates.ts'
export { hostSecrets } from './karmadactl/host-secrets.ts'
export {
  aggregatedObjects,
  apiServerObjects,
  componentObjects,
  etcdObjects,
} from './karmadactl/host-workloads.ts'
export { initFlags } from './karmadactl/init-flags.ts'
export { readInitOptions } from './karmadactl/init-options.ts'
export { accessObjects, aggregationObjects, webhookObjects } from './karmadactl/karmada-objects.ts'
export { captureKops } from './kops/run-kops.ts'
export { serveCalls } from './serve-calls.ts'
