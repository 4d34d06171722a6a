import type { Kind } from '../kind.ts'
import { type KubeObject, textAt } from '../objects.ts'
import { badRequest } from '../status-error.ts'

export type Selects = (object: KubeObject) => boolean

const everything: Selects = () => true
const all =
  (tests: readonly Selects[]): Selects =>
  object =>
    tests.every(test => test(object))

/** A label selector such as `app=web,tier!=db,env in (a,b),!legacy`. Throws 400 on one that cannot be read. */
export function parseLabelSelector(text: string | null): Selects {
  if (!text?.trim()) return everything
  // A comma inside parentheses separates values, not requirements.
  return all(text.split(/,(?![^(]*\))/).map(part => parseRequirement(part.trim(), text)))
}

function parseRequirement(part: string, whole: string): Selects {
  const set = /^(?<key>[^\s!=(),]+)\s+(?<operator>in|notin)\s*\((?<values>[^()]*)\)$/.exec(part)?.groups
  if (set) {
    const values = (set.values ?? '').split(',').map(value => value.trim())
    const wanted = set.operator === 'in'
    return object => {
      const label = labelOf(object, set.key ?? '')
      return label === undefined ? !wanted : values.includes(label) === wanted
    }
  }
  const equality = /^(?<key>[^\s!=(),]+)\s*(?<operator>==?|!=)\s*(?<value>[^\s!=(),]*)$/.exec(part)?.groups
  if (equality) {
    const { key = '', operator, value = '' } = equality
    return object => (labelOf(object, key) === value) === (operator !== '!=')
  }
  const existence = /^(?<not>!?)\s*(?<key>[^\s!=(),]+)$/.exec(part)?.groups
  if (!existence) throw badRequest(`unable to parse requirement: found '${part}', in selector '${whole}'`)
  return object => (labelOf(object, existence.key ?? '') !== undefined) === !existence.not
}

function labelOf(object: KubeObject, key: string): string | undefined {
  return object.metadata.labels?.[key]
}

/** A field selector such as `metadata.name=web,status.phase!=Running`. Throws 400 on a field that is not selectable. */
export function parseFieldSelector(text: string | null, kind: Kind): Selects {
  if (!text?.trim()) return everything
  return all(text.split(',').map(part => parseFieldTerm(part.trim(), kind)))
}

function parseFieldTerm(part: string, kind: Kind): Selects {
  const { field, operator, value } =
    /^(?<field>[^!=]+)(?<operator>==?|!=)(?<value>.*)$/.exec(part)?.groups ?? {}
  if (field === undefined || value === undefined)
    throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`)
  const selectable = ['metadata.name', 'metadata.namespace', ...(kind.selectable ?? [])]
  if (!selectable.includes(field)) {
    throw badRequest(
      `Unable to find "${kind.group ? `${kind.group}/` : ''}${kind.version}, Resource=${kind.plural}" that match label selector "", field selector "${part}": field label not supported: ${field}`,
    )
  }
  const path = field.split('.')
  return object => (textAt(object, ...path) === value) === (operator !== '!=')
}
