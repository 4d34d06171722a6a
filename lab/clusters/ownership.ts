import type { KubeObject, OwnerReference, Store } from '@meridian/lab-kube-api'

/** The controlling owner reference to an object. */
export function controlledBy(owner: KubeObject): OwnerReference {
  const { name, uid = '' } = owner.metadata
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}

/** Objects of a kind that `owner` controls. */
export function ownedBy(store: Store, kind: string, owner: KubeObject): KubeObject[] {
  const all = store.list(kind, owner.metadata.namespace ? { namespace: owner.metadata.namespace } : {})
  return all.filter(each =>
    each.metadata.ownerReferences?.some(ref => ref.controller && ref.uid === owner.metadata.uid),
  )
}

/** `spec.replicas`, 1 when it is not given. */
export function wantedReplicas(object: KubeObject): number {
  return (object.spec as { replicas?: number } | undefined)?.replicas ?? 1
}
