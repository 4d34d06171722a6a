import { createHash } from 'node:crypto'

export const systemNamespace = 'karmada-system'
export const clusterFinalizer = 'karmada.io/cluster-controller'
export const bindingFinalizer = 'karmada.io/binding-controller'
export const executionFinalizer = 'karmada.io/execution-controller'
export const managedLabel = 'karmada.io/managed'

/** Namespace of the control plane that holds the Works of a member. */
export function executionSpace(cluster: string): string {
  return `karmada-es-${cluster}`
}

/** The member whose Works a namespace holds; undefined for other namespaces. */
export function clusterOfSpace(namespace: string | undefined): string | undefined {
  return namespace?.startsWith('karmada-es-') ? namespace.slice('karmada-es-'.length) : undefined
}

/** Name of the binding of a template: `web-deployment`. Colons of RBAC names are not allowed in it. */
export function bindingName(kind: string, name: string): string {
  return `${name.replaceAll(':', '.')}-${kind}`.toLowerCase()
}

/** Name of the Work that carries a template into one member's space. */
export function workName(kind: string, name: string, namespace: string | undefined): string {
  const hash = createHash('sha256')
    .update(`${namespace ?? ''}/${kind}/${name}`)
    .digest('hex')
    .slice(0, 10)
  return `${name.replaceAll(':', '.')}-${hash}`.toLowerCase()
}

/** Whether the namespace controller leaves a namespace to each cluster itself. */
export function isReservedNamespace(name: string): boolean {
  return name === 'default' || name.startsWith('kube-') || name.startsWith('karmada-')
}
