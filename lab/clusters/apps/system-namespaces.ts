/** What runs in these namespaces is simulated by other means, or not at all. */
export function isSystemNamespace(namespace = ''): boolean {
  return /^(kube-.*|karmada-system)$/.test(namespace)
}
