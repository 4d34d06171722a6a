import { type Fields, isFields, numberAt, textAt } from '@meridian/lab-world/json'
import type { Field } from 'protobufjs'
import { envelopeMessage, findMessage, type Message } from './definitions.ts'

export const protobufType = 'application/vnd.kubernetes.protobuf'

const magic = Buffer.from('k8s\0')

/** A body in a shape that has no definition. */
export class UnknownMessage extends Error {}

/** The object in Kubernetes' protobuf envelope. Throws `UnknownMessage` for a kind that Kubernetes 1.35 does not have. */
export function decodeObject(body: Buffer): Fields {
  if (!body.subarray(0, magic.length).equals(magic))
    throw new UnknownMessage('the body is not in the Kubernetes envelope')
  const envelope = decode(envelopeMessage(), body.subarray(magic.length))
  const apiVersion = textAt(envelope, 'typeMeta', 'apiVersion')
  const kind = textAt(envelope, 'typeMeta', 'kind')
  const message = findMessage(apiVersion, kind)
  if (!message) throw new UnknownMessage(`${kind || 'the kind'} is not known in protobuf`)
  const content = asJson(message, decode(message, Buffer.from(textAt(envelope, 'raw'), 'base64')))
  return { apiVersion, kind, ...(isFields(content) ? content : {}) }
}

function decode(message: Message, bytes: Uint8Array): Fields {
  return message.toObject(message.decode(bytes), { longs: Number, bytes: String })
}

/** Messages that JSON writes as something other than an object of their fields; undefined leaves the field out. */
const forms: Readonly<Record<string, (fields: Fields) => unknown>> = {
  IntOrString: fields => (fields.type === 1 ? textAt(fields, 'strVal') : numberAt(fields, 'intVal')),
  Quantity: fields => textAt(fields, 'string'),
  Time: fields => timeOf(fields)?.replace('.000Z', 'Z'),
  MicroTime: timeOf,
  Duration: fields => `${numberAt(fields, 'duration') / 1e9}s`,
  JSON: ({ raw }) => embedded(raw),
  RawExtension: ({ raw }) => embedded(raw),
  FieldsV1: ({ Raw }) => embedded(Raw),
  JSONSchemaPropsOrArray: ({ schema, jSONSchemas = [] }) => schema ?? jSONSchemas,
  JSONSchemaPropsOrBool: ({ schema, allows = false }) => schema ?? allows,
  JSONSchemaPropsOrStringArray: ({ schema, property = [] }) => schema ?? property,
}

function timeOf({ seconds, nanos = 0 }: Fields): string | undefined {
  if (typeof seconds !== 'number') return undefined
  return new Date(seconds * 1000 + Number(nanos) / 1e6).toISOString()
}

function embedded(raw: unknown): unknown {
  return typeof raw === 'string' && raw ? JSON.parse(Buffer.from(raw, 'base64').toString('utf8')) : undefined
}

function asJson(message: Message, value: unknown): unknown {
  if (!isFields(value)) return value
  const json: Fields = {}
  for (const field of message.fieldsArray) {
    const content = value[field.name]
    if (content !== undefined) addField(json, field, content)
  }
  const [only] = message.fieldsArray
  if (only?.options?.['(bare)']) return json[only.name] ?? []
  const form = forms[message.name]
  return form ? form(json) : json
}

function addField(json: Fields, field: Field, content: unknown): void {
  const { name, options = {}, resolvedType } = field
  const read = (value: unknown) =>
    resolvedType && 'fieldsArray' in resolvedType ? asJson(resolvedType, value) : value
  const value = readAll(field, content, read)
  if (options['(inline)']) Object.assign(json, value)
  // Kubernetes writes fields that are not set as zeros, unless their zero is a value of its own.
  else if (options.proto3_optional || !isZero(value)) json[String(options.json_name ?? name)] = value
}

function readAll(field: Field, content: unknown, read: (value: unknown) => unknown): unknown {
  if (field.map && isFields(content))
    return Object.fromEntries(Object.entries(content).map(([key, value]) => [key, read(value)]))
  return Array.isArray(content) ? content.map(read) : read(content)
}

function isZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  return (
    value === undefined ||
    value === 0 ||
    value === '' ||
    value === false ||
    (isFields(value) && Object.keys(value).length === 0)
  )
}
