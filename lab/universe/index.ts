export { type InstalledKarmada, installKarmada, writeWebhookCertificate } from './install-karmada.ts'
export { compareSnapshots, takeSnapshot } from './snapshot.ts'
export { labBoundary, labDomain, startUniverse, type Universe, type UniverseOptions } from './universe.ts'
export { universeKubeconfig } from './universe-kubeconfig.ts'
