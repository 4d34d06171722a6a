import { type Fields, isFields } from '@meridian/lab-world/json'
import { isCustom, type Kind } from '../kind.ts'
import { type Decoded, decodeTyped } from '../schema/decode-typed.ts'
import { dropNulls } from '../schema/fill-defaults.ts'
import { pruneObject } from '../schema/prune-fields.ts'
import { metadataSchema } from '../schema/published.ts'
import { schemaOf } from '../schema/schema-of.ts'
import { badRequest, type StatusError } from '../status-error.ts'
import { type ResourceCall, refuseOption } from './call.ts'
import { warn } from './send.ts'

const directives = ['', 'Ignore', 'Strict', 'Warn']

/** What is to be done about fields that nobody knows: warn of them, unless the client asks for something else. */
function directiveOf(call: ResourceCall): string {
  const given = call.query.get('fieldValidation') ?? ''
  if (!directives.includes(given)) throw refuseOption(call, 'fieldValidation', given, directives)
  return given || 'Warn'
}

/** The object of a body, without what its kind does not know. `repeated` says what else is careless about the body. */
export function readTyped(call: ResourceCall, body: Fields, repeated: readonly string[]): Fields {
  const { kind } = call
  const what = `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}`
  const { value, unknown, mistake } = decode(kind, body)
  if (mistake !== undefined) throw badRequest(`${what}: ${mistake}`)
  settle(call, [...repeated, ...unknown.map(unknownField)], all =>
    badRequest(`${what}: strict decoding error: ${all}`),
  )
  return isFields(value) ? value : {}
}

/** What a patch has made of an object, without what its kind does not know, or why its kind cannot hold it. */
export function readPatchedFields(
  call: ResourceCall,
  patched: Fields,
  careless: readonly string[],
  refuse: (problem: string) => StatusError,
): { value: Fields; mistake?: string } {
  const { value, unknown, mistake } = decode(call.kind, patched)
  if (mistake !== undefined) return { value: {}, mistake }
  settle(call, [...careless, ...unknown.map(unknownField)], all => refuse(`strict decoding error: ${all}`))
  return { value: isFields(value) ? value : {} }
}

/** Warns of each careless thing, or throws what they are refused with, as the client asks. */
export function settle(
  call: ResourceCall,
  careless: readonly string[],
  refuse: (all: string) => StatusError,
): void {
  const directive = directiveOf(call)
  if (directive === 'Ignore' || careless.length === 0) return
  if (directive === 'Strict') throw refuse(joined(careless))
  for (const each of careless) warn(call, each)
}

/** A reader of YAML tells all its lines as one problem. */
function joined(careless: readonly string[]): string {
  const lines = careless.filter(each => /^line \d+: /.test(each))
  const others = careless.filter(each => !lines.includes(each))
  return [...(lines.length > 0 ? [`yaml: unmarshal errors:\n  ${lines.join('\n  ')}`] : []), ...others].join(
    ', ',
  )
}

const unknownField = (path: string) => `unknown field "${path}"`

function decode(kind: Kind, object: Fields): Decoded {
  const schema = schemaOf(kind)
  if (!schema) return { value: object, unknown: [] }
  if (!isCustom(kind)) return decodeTyped(object, schema, { path: '', struct: kind.kind, field: '' })
  const metadata = decodeTyped(object.metadata, metadataSchema, {
    path: 'metadata',
    struct: 'ObjectMeta',
    field: '',
  })
  const pruned = pruneObject(object, schema)
  const value = dropNulls({ ...pruned.object, metadata: metadata.value }, schema)
  const unknown = [...metadata.unknown, ...pruned.unknown].sort()
  return { ...metadata, value, unknown }
}
