import type { Kind } from '../kind.ts'
import type { KubeObject, ObjectMeta, OwnerReference } from '../objects.ts'
import { type FieldProblem, forbiddenValue, invalidValue, refuse, tooLongValue } from '../status-error.ts'
import { labelValueRules, qualifiedNameRules } from '../text-rules.ts'

const mostAnnotations = 262_144

/** What is wrong with labels, annotations, owners and finalizers, on whatever way they came. */
export function metadataProblems(metadata: ObjectMeta): FieldProblem[] {
  return [...sharedProblems(metadata), ...finalizerProblems(metadata.finalizers ?? [])]
}

/**
 * Refuses the metadata of an update with 422. Servers go over it three times, as the causes of their answer show: once
 * as that of any object, and twice as that of an update.
 */
export function checkUpdatedMetadata(kind: Kind, live: KubeObject, next: KubeObject): void {
  const ofUpdate = [
    ...addedFinalizerProblems(live.metadata, next.metadata),
    ...identityProblems(live.metadata, next.metadata),
    ...sharedProblems(next.metadata),
  ]
  refuse(kind, next.metadata.name, [...metadataProblems(next.metadata), ...ofUpdate, ...ofUpdate])
}

function sharedProblems({ labels = {}, annotations = {}, ownerReferences = [] }: ObjectMeta): FieldProblem[] {
  return [
    ...Object.entries(labels).flatMap(([key, value]) => [
      ...qualifiedNameRules(key).map(rule => invalidValue('metadata.labels', key, rule)),
      ...labelValueRules(value).map(rule => invalidValue('metadata.labels', value, rule)),
    ]),
    ...annotationProblems(annotations),
    ...ownerProblems(ownerReferences),
  ]
}

function annotationProblems(annotations: Readonly<Record<string, string>>): FieldProblem[] {
  const size = Object.entries(annotations).reduce((sum, entry) => sum + bytesOf(entry.join('')), 0)
  return [
    ...Object.keys(annotations).flatMap(key =>
      qualifiedNameRules(key.toLowerCase()).map(rule => invalidValue('metadata.annotations', key, rule)),
    ),
    ...(size > mostAnnotations ? [tooLongValue('metadata.annotations', mostAnnotations)] : []),
  ]
}

function ownerProblems(owners: readonly OwnerReference[]): FieldProblem[] {
  const field = 'metadata.ownerReferences'
  const empty = owners.flatMap(({ apiVersion, kind, name, uid }) => [
    ...(apiVersion ? [] : [invalidValue(`${field}.apiVersion`, '', 'version must not be empty')]),
    ...Object.entries({ kind, name, uid }).flatMap(([part, value]) =>
      value ? [] : [invalidValue(`${field}.${part}`, '', 'must not be empty')],
    ),
  ])
  const [first, ...more] = owners
    .filter(({ controller }) => controller)
    .map(({ kind, name }) => `${kind}/${name}`)
  const several = more.map(other => {
    const rule = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${other}`
    return invalidValue(field, owners.map(inOrder), rule)
  })
  return [...empty, ...several]
}

function inOrder({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }: OwnerReference): object {
  return { apiVersion, kind, name, uid: uid ?? '', controller, blockOwnerDeletion }
}

function finalizerProblems(finalizers: readonly string[]): FieldProblem[] {
  const field = 'metadata.finalizers'
  const problems = finalizers.flatMap(name =>
    qualifiedNameRules(name).map(rule => invalidValue(field, name, rule)),
  )
  const contradict = finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')
  const rule = 'finalizer orphan and foregroundDeletion cannot be both set'
  return contradict ? [...problems, invalidValue(field, finalizers, rule)] : problems
}

function addedFinalizerProblems(live: ObjectMeta, next: ObjectMeta): FieldProblem[] {
  if (!live.deletionTimestamp) return []
  const added = (next.finalizers ?? []).filter(name => !live.finalizers?.includes(name)).toSorted()
  if (added.length === 0) return []
  const found = added.map(name => JSON.stringify(name)).join(', ')
  const rule = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${found}}`
  return [forbiddenValue('metadata.finalizers', rule)]
}

function identityProblems(live: ObjectMeta, { uid }: ObjectMeta): FieldProblem[] {
  return !uid || uid === live.uid ? [] : [invalidValue('metadata.uid', uid, 'field is immutable')]
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text)
}
