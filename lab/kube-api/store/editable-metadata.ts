import type { ObjectMeta } from '../objects.ts'

/** The metadata that clients may change; empty maps and lists are the same as none, and are not stored. */
export function pickEditable({
  labels,
  annotations,
  finalizers,
  ownerReferences,
}: ObjectMeta): Pick<ObjectMeta, 'labels' | 'annotations' | 'finalizers' | 'ownerReferences'> {
  const given = { labels, annotations, finalizers, ownerReferences }
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value && Object.keys(value).length > 0),
  )
}

/** The metadata that clients may not change. */
export function dropEditable(metadata: ObjectMeta): ObjectMeta {
  const { labels: _l, annotations: _a, finalizers: _f, ownerReferences: _o, ...kept } = metadata
  return kept
}
