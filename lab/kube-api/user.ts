/** Who sends a request; `system:masters` may do everything, others what Role bindings grant. */
export type User = {
  name: string
  groups: readonly string[]
  /** What an authorizer besides RBAC allows: rules as in a ClusterRole, everywhere or in namespaces. */
  grants?: readonly { rules: readonly unknown[]; namespaces?: readonly string[] }[]
}
