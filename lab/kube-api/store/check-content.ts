import { isFields } from '@meridian/lab-world/json'
import { isCustom, type Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { decodeTyped } from '../schema/decode-typed.ts'
import { fillDefaults } from '../schema/fill-defaults.ts'
import { listDuplicates } from '../schema/list-duplicates.ts'
import { schemaOf } from '../schema/schema-of.ts'
import { structuralProblems } from '../schema/validate-structural.ts'
import { type FieldProblem, refuse, StatusError } from '../status-error.ts'
import { typedProblems } from '../types/check-typed.ts'
import { fillTyped } from '../types/fill-typed.ts'
import { scaleProblems } from './check-scale.ts'

/**
 * An object as its kind holds it: a custom resource with its defaults, one of a Go type with quantities in their
 * canonical form. Throws 500 for what its type cannot hold.
 */
export function heldObject(kind: Kind, object: KubeObject): KubeObject {
  const schema = schemaOf(kind)
  if (!schema) return object
  if (isCustom(kind)) {
    const { metadata, ...content } = object
    const filled = fillDefaults(content, schema)
    return isFields(filled) ? { ...(filled as typeof content), metadata } : object
  }
  const { value, unknown, mistake } = decodeTyped(object, schema, { path: '', struct: kind.kind, field: '' })
  const [field] = unknown
  if (mistake === undefined && field === undefined) return value as KubeObject
  throw new StatusError(500, '', mistake ?? `unknown field "${field}"`)
}

/** Throws 422 for a custom resource that breaks its schema. What was broken before may stay as it is. */
export function checkCustom(kind: Kind, object: KubeObject, previous: KubeObject | undefined): void {
  if (!isCustom(kind)) return
  const problems = problemsOf(kind, object)
  if (problems.length === 0) return
  const known = new Set(previous ? problemsOf(kind, previous).map(textOf) : [])
  refuse(
    kind,
    object.metadata.name,
    problems.filter(problem => !known.has(textOf(problem))),
  )
}

/** An object as its kind holds it after webhooks have changed it, checked again. */
export function amendedObject(kind: Kind, object: KubeObject, previous: KubeObject | undefined): KubeObject {
  const held = heldObject(kind, object)
  fillTyped(kind, held)
  checkCustom(kind, held, previous)
  refuse(kind, held.metadata.name, typedProblems(kind, held, previous))
  return held
}

const textOf = ({ field, message }: FieldProblem) => `${field}: ${message}`

function problemsOf(kind: Kind, { metadata: _, ...content }: KubeObject): FieldProblem[] {
  const schema = schemaOf(kind) ?? {}
  const object = content as KubeObject
  return [
    ...structuralProblems(content, schema),
    ...scaleProblems(kind, object),
    ...listDuplicates(content, schema),
  ]
}
