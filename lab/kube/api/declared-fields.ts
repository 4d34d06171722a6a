import { apiVersionOf, type Kind } from './kind.ts'
import { type Fields, isFields, type KubeObject } from './objects.ts'
import { badRequest, StatusError } from './status-error.ts'

/** What may stand below a field: `true` is anything; of a list it says what its items hold. */
export type Declared = true | { readonly [field: string]: Declared }

/** Refuses an apply of fields that the kind does not declare, as a server does that knows its schema. */
export function refuseUndeclared(kind: Kind, { metadata, spec }: KubeObject): void {
  const paths = undeclared(spec, kind.declared, 'spec')
  if (paths.length === 0) return
  const problems = paths.map(path => `.${path}: field not declared in schema`)
  const text = problems.length === 1 ? problems[0] : `errors:\n  ${problems.join('\n  ')}`
  const subject = `${metadata.namespace ?? ''}/${metadata.name}; ${apiVersionOf(kind)}, Kind=${kind.kind}`
  throw new StatusError(500, '', `failed to create typed patch object (${subject}): ${text}`)
}

/** The object without the fields that its kind does not declare. Throws 400 instead if they are to be strict. */
export function dropUndeclared(kind: Kind, object: KubeObject, strict: boolean): KubeObject {
  const paths = undeclared(object.spec, kind.declared, 'spec')
  if (paths.length === 0) return object
  if (strict) {
    const what = `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}`
    const unknown = paths.map(path => `unknown field "${path}"`).join(', ')
    throw badRequest(`${what}: strict decoding error: ${unknown}`)
  }
  return { ...object, spec: declaredPart(object.spec, kind.declared) }
}

function undeclared(value: unknown, declared: Declared = true, path: string): string[] {
  if (declared === true) return []
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => undeclared(item, declared, `${path}[${index}]`))
  }
  const fields = Object.entries(isFields(value) ? value : {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return fields.flatMap(([name, child]) => {
    const below = declared[name]
    return below === undefined ? [`${path}.${name}`] : undeclared(child, below, `${path}.${name}`)
  })
}

function declaredPart(value: unknown, declared: Declared = true): unknown {
  if (declared === true) return value
  if (Array.isArray(value)) return value.map(item => declaredPart(item, declared))
  if (!isFields(value)) return value
  const kept: Fields = {}
  for (const [name, child] of Object.entries(value)) {
    const below = declared[name]
    if (below !== undefined) kept[name] = declaredPart(child, below)
  }
  return kept
}
