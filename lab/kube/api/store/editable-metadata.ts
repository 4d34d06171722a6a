import type { ObjectMeta } from '../objects.ts'

/** The metadata that clients may change; empty maps and lists are the same as none, and are not stored. */
export function pickEditable({
  labels,
  annotations,
  finalizers,
  ownerReferences,
}: ObjectMeta): Pick<ObjectMeta, 'labels' | 'annotations' | 'finalizers' | 'ownerReferences'> {
  return {
    labels: present(labels),
    annotations: present(annotations),
    finalizers: present(finalizers),
    ownerReferences: present(ownerReferences),
  }
}

function present<T extends object>(collection: T | undefined): T | undefined {
  return collection && Object.keys(collection).length > 0 ? collection : undefined
}
