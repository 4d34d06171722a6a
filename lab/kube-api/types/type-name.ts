import type { Kind } from '../kind.ts'

/** The short name of a published definition: `core.v1.Container`, `meta.v1.LabelSelector`. */
export function typeNameOf(reference: string): string {
  return reference.replace(/^io\.k8s\.(api\.|apimachinery\.pkg\.apis\.)?/, '')
}

/** The short name of the type of a kind: `core.v1.Secret`, `rbac.v1.Role`. */
export function typeNameOfKind({ group, version, kind }: Kind): string {
  return `${group.split('.')[0] || 'core'}.${version}.${kind}`
}

/** Types of Go that are fields of others by value: they are there even where the schema lets them be left out. */
export const heldByValue: ReadonlySet<string> = new Set([
  'spec',
  'strategy',
  'updateStrategy',
  'template',
  'jobTemplate',
  'resources',
])
