import type { ObjectType } from '@meridian/kube'

/** Where the control plane lives in the host cluster. */
export const systemNamespace = 'karmada-system'
/** Where a member keeps the accounts that Karmada uses, and the control plane their credentials. */
export const clusterNamespace = 'karmada-cluster'
export const lbService = 'karmada-apiserver-lb'
export const certSecret = 'karmada-cert'
/** ConfigMap in the host's system namespace that says how far an installation of ours has come. */
export const recordName = 'meridian-installation'
/** When a member's credentials last took the place of others; on the controllers, the last of those they know. */
export const replacedAnnotation = 'meridian.dev/credentials-replaced-at'
/** On a member's credentials, the id of the cluster whose they are: who takes them is that cluster. */
export const clusterIdAnnotation = 'meridian.dev/cluster-id'
export const apiPort = 5443
export const apiLabels = { app: 'karmada-apiserver' } as const
/** `karmadactl deinit` deletes what bears this label. */
export const bootstrapLabel = 'karmada.io/bootstrapping'
/** In the certificate of every way to install Karmada, so any address verifies by it. */
export const tlsServerName = 'kubernetes.default.svc'
export const impersonator = 'karmada-impersonator'

export const clusterType: ObjectType = { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster' }
export const bindingType: ObjectType = { apiVersion: 'work.karmada.io/v1alpha2', kind: 'ResourceBinding' }
export const clusterBindingType: ObjectType = {
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ClusterResourceBinding',
}
export const workType: ObjectType = { apiVersion: 'work.karmada.io/v1alpha1', kind: 'Work' }
export const policyVersion = 'policy.karmada.io/v1alpha1'

/** Where a federation passes requests on to a member, which can be reached by it though the member itself may not be. */
export function memberPath(cluster: string): string {
  return `/apis/cluster.karmada.io/v1alpha1/clusters/${cluster}/proxy`
}

/** The namespace of the control plane that holds the Works of a member. */
export function executionNamespace(cluster: string): string {
  return `karmada-es-${cluster}`
}

/**
 * Whether Karmada keeps a namespace, and what is in it, from the members: its own three sorts, and by default those of
 * Kubernetes (`--skipped-propagating-namespaces`). Others that begin with `karmada-` travel.
 */
export function isReservedNamespace(name: string): boolean {
  return /^(kube-.*|karmada-system|karmada-cluster|karmada-es-.*)$/.test(name)
}

/** By which objects travel, and are changed on the way. */
export const policyTypes: readonly ObjectType[] = [
  'PropagationPolicy',
  'ClusterPropagationPolicy',
  'OverridePolicy',
  'ClusterOverridePolicy',
].map(kind => ({ apiVersion: policyVersion, kind }))
