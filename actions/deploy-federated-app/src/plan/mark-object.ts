import { createHash } from 'node:crypto'
import { type Identity, makeMark, markAnnotation, objectAnnotations, objectLabels } from '@meridian/identity'
import type { KubeObject } from '@meridian/kube'

/** Tell who made an object; they differ from run to run and are no reason to write. */
const volatileAnnotations = ['meridian.dev/run', 'meridian.dev/commit'] as const
/** When an object was last sent again to members that had not taken it. */
export const sentAnnotation = 'meridian.dev/sent-again'
/** Tells that a manifest has changed also where it only states less than before. */
export const hashAnnotation = 'meridian.dev/manifest-hash'

/** For whom objects are made, its app included, and by which run. */
export type Marks = { identity: Identity; run: string; commit: string }

/** Whose an object is to be: a namespace may hold several apps of an environment, and is of none. */
export function ownerOfKind({ kind }: Pick<KubeObject, 'kind'>, identity: Identity): Identity {
  return kind === 'Namespace' ? { ...identity, app: undefined } : identity
}

/** Adds the mark of the owner with its labels, the run's annotations and the hash of what is stated. */
export function markObject(object: KubeObject, marks: Marks): KubeObject {
  const { metadata } = object
  const owner = ownerOfKind(object, marks.identity)
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...objectLabels(owner) },
      annotations: {
        ...metadata.annotations,
        ...objectAnnotations(makeMark(owner)),
        ...(marks.run && { 'meridian.dev/run': marks.run }),
        ...(marks.commit && { 'meridian.dev/commit': marks.commit }),
        [hashAnnotation]: hashObject(object),
      },
    },
  }
}

/** The object without the annotations that differ from run to run. */
export function withoutVolatile(object: KubeObject): KubeObject {
  return withoutAnnotations(object, volatileAnnotations)
}

/** The object as a reader wants to see it: without the annotations that are this action's own. */
export function withoutOwn(object: KubeObject): KubeObject {
  return withoutAnnotations(object, [...volatileAnnotations, sentAnnotation, hashAnnotation, markAnnotation])
}

function withoutAnnotations(object: KubeObject, names: readonly string[]): KubeObject {
  const { annotations, ...metadata } = object.metadata
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !names.includes(key))
  return {
    ...object,
    metadata: { ...metadata, ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }) },
  }
}

/** Independent of the order of keys. Of a Secret only the keys count: a hash of short values could be guessed. */
function hashObject(object: KubeObject): string {
  const blank = (data: unknown) => Object.fromEntries(Object.keys(data ?? {}).map(key => [key, '']))
  const counted = object.kind === 'Secret' ? { ...object, data: blank(object.data) } : object
  return createHash('sha256').update(canonical(counted)).digest('hex').slice(0, 16)
}

function canonical(value: unknown): string {
  return JSON.stringify(sorted(value))
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  const mapping = value as Record<string, unknown>
  return Object.fromEntries(
    Object.keys(mapping)
      .sort()
      .map(key => [key, sorted(mapping[key])]),
  )
}
