import { type Fields, isFields, listAt, textAt } from '../objects.ts'
import { messages } from './messages.ts'
import { readFields, type WireField } from './wire.ts'

export const protobufType = 'application/vnd.kubernetes.protobuf'

const magic = Buffer.from('k8s\0')

/** A body in a shape that the tables do not describe. */
export class UnknownMessage extends Error {}

/** The object in Kubernetes' protobuf envelope. Throws `UnknownMessage` for a kind or field not in the tables. */
export function decodeObject(body: Buffer): Fields {
  if (!body.subarray(0, magic.length).equals(magic))
    throw new UnknownMessage('the body is not in the Kubernetes envelope')
  const envelope = decodeMessage('Unknown', body.subarray(magic.length))
  const kind = textAt(envelope, 'typeMeta', 'kind')
  const content = decodeMessage(kind, Buffer.from(textAt(envelope, 'raw'), 'base64'))
  return { apiVersion: textAt(envelope, 'typeMeta', 'apiVersion'), kind, ...content }
}

function decodeMessage(name: string, bytes: Buffer): Fields {
  const message = messages[name]
  if (!message) throw new UnknownMessage(`${name || 'the kind'} is not known in protobuf`)
  const decoded: Fields = {}
  for (const field of readFields(bytes)) {
    const declared = message[field.number]
    if (declared) addField(decoded, declared, field)
    // Kubernetes writes fields that are not set as zeros.
    else if (!isEmpty(field)) throw new UnknownMessage(`field ${field.number} of ${name} is not known`)
  }
  return decoded
}

function addField(target: Fields, declared: string, field: WireField): void {
  const {
    name = '',
    map,
    type = '',
    list,
    pointer,
  } = /^(?<name>\w+) (?:map<(?<map>\w+)>|(?<type>\w+)(?<list>\[\])?(?<pointer>!)?)$/.exec(declared)?.groups ??
  {}
  if (type === 'Ignored') return
  if (map) {
    target[name] = { ...(isFields(target[name]) ? target[name] : {}), ...decodeEntry(map, bytesOf(field)) }
    return
  }
  const value = type === 'IntOrString' ? decodeIntOrString(bytesOf(field)) : decodeValue(type, field)
  if (list) target[name] = [...listAt(target, name), value]
  else if (pointer || !isZero(value)) target[name] = value
}

function decodeEntry(type: string, bytes: Buffer): Fields {
  const fields = readFields(bytes)
  const key = fields.find(field => field.number === 1)
  const value = fields.find(field => field.number === 2)
  return { [key ? bytesOf(key).toString('utf8') : '']: value ? decodeValue(type, value) : '' }
}

function decodeValue(type: string, field: WireField): unknown {
  switch (type) {
    case 'string':
      return bytesOf(field).toString('utf8')
    case 'bytes':
      return bytesOf(field).toString('base64')
    case 'bool':
      return field.value === 1
    case 'int':
      return field.value
    default:
      return decodeMessage(type, bytesOf(field))
  }
}

function decodeIntOrString(bytes: Buffer): unknown {
  const { type, intVal = 0, strVal = '' } = decodeMessage('IntOrString', bytes)
  return type === 1 ? strVal : intVal
}

function bytesOf({ value }: WireField): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0)
}

function isEmpty({ value }: WireField): boolean {
  return Buffer.isBuffer(value) ? value.length === 0 : value === 0
}

function isZero(value: unknown): boolean {
  return (
    value === 0 || value === '' || value === false || (isFields(value) && Object.keys(value).length === 0)
  )
}
