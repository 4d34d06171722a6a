import { textAt } from '@meridian/lab-world/json'
import { isCustom, type Kind } from '../kind.ts'
import { badRequest, type StatusError } from '../status-error.ts'
import type { Selects } from './label-selector.ts'

const ofEveryKind = ['metadata.name', 'metadata.namespace']

/** A field selector such as `metadata.name=web,status.phase!=Running`. Throws 400 on a field that is not selectable. */
export function parseFieldSelector(text: string | null, kind: Kind): Selects {
  // A comma behind a backslash belongs to the value.
  const terms = text?.trim() ? text.match(/(\\.|[^,\\])+/gs) : []
  const tests = (terms ?? []).map(term => parseTerm(term, text ?? '', kind))
  return object => tests.every(test => test(object))
}

function parseTerm(term: string, whole: string, kind: Kind): Selects {
  const parts = /^(?<field>.*?)(?<operator>!=|==?)(?<value>.*)$/s.exec(term)?.groups
  if (!parts) throw badRequest(`invalid selector: '${whole}'; can't understand '${term}'`)
  const { field = '', operator } = parts
  const value = unescaped(parts.value ?? '')
  if (!ofEveryKind.includes(field) && !kind.selectable?.includes(field)) throw notSelectable(kind, field)
  const path = field.split('.')
  return object => (textAt(object, ...path) === value) === (operator !== '!=')
}

function unescaped(value: string): string {
  const bare = value.replaceAll(/\\[\\,=]/g, '').search(/[,=]/)
  if (bare < 0) return value.replaceAll(/\\([\\,=])/g, '$1')
  const character = value.replaceAll(/\\[\\,=]/g, '').codePointAt(bare)
  throw badRequest(`invalid field selector: unescaped character in value: ${character}`)
}

function notSelectable(kind: Kind, field: string): StatusError {
  if (isCustom(kind) || kind.selectable) return badRequest(`field label not supported: ${field}`)
  const known = ofEveryKind.map(each => JSON.stringify(each)).join(', ')
  return badRequest(`${JSON.stringify(field)} is not a known field selector: only ${known}`)
}
