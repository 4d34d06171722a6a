export const systemNamespace = 'karmada-system'
export const clusterFinalizer = 'karmada.io/cluster-controller'
const bindingFinalizers: Readonly<Record<string, string>> = {
  ResourceBinding: 'karmada.io/binding-controller',
  ClusterResourceBinding: 'karmada.io/cluster-resource-binding-controller',
}
export const dependenciesFinalizer = 'karmada.io/binding-dependencies-distributor'
export const policyFinalizers: Readonly<Record<string, string>> = {
  PropagationPolicy: 'karmada.io/propagation-policy-controller',
  ClusterPropagationPolicy: 'karmada.io/cluster-propagation-policy-controller',
}
export const executionFinalizer = 'karmada.io/execution-controller'
export const managedLabel = 'karmada.io/managed'

/** FNV-1a of 32 bits, by which Karmada names Works and breaks ties. */
export function hashText(text: string): number {
  const mix = (hash: number, byte: number) => Math.imul(hash ^ byte, 0x01000193) >>> 0
  return Buffer.from(text).reduce(mix, 0x811c9dc5)
}

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

/**
 * Name of the Work that carries a template into one member's space, as `GenerateWorkName` in pkg/util/names/names.go of
 * Karmada makes it: Deployment `default/nginx` is in `nginx-687f7fb96f`.
 */
export function workName(kind: string, name: string, namespace: string | undefined): string {
  const plain = name.replaceAll(':', '.').toLowerCase()
  const whole = [...(namespace ? [namespace] : []), plain, kind].join('-').toLowerCase()
  return `${plain}-${encodeHash(whole)}`
}

/** The hash of a text as Karmada puts it into names. */
export function encodeHash(text: string): string {
  const digits = Buffer.from(String(hashText(text)))
  return Array.from(digits, byte => safeLetters[byte % safeLetters.length]).join('')
}

/** `SafeEncodeString` of apimachinery writes with these, so that no word comes out. */
const safeLetters = 'bcdfghjklmnpqrstvwxz2456789'

/** Holds a binding until its Works are gone. */
export function bindingFinalizer(kind: string): string {
  return bindingFinalizers[kind] ?? ''
}

/** Whether Karmada leaves all that is in a namespace to each cluster itself; other names may sound like its own. */
export function isReservedNamespace(name: string): boolean {
  return ['karmada-system', 'karmada-cluster'].includes(name) || /^(karmada-es|kube)-/.test(name)
}
