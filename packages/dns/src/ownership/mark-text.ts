import { type Mark, type Reading, readFields, writeFields } from '@meridian/identity'

const heritage = 'meridian'

/** Fields whose names in texts of DNS differ from those elsewhere: version 0.1 knew the environment as the owner. */
const ownNames: Readonly<Record<string, string>> = {
  environment: 'owner',
  owner: 'repository',
  'expires-at': 'expires',
}
const commonNames = new Map(Object.entries(ownNames).map(([common, own]) => [own, common]))

/**
 * A mark as `heritage=meridian,owner=…,…`, `notes` behind the owner, where version 0.1 has them. That reads the first
 * fields and passes over the others.
 */
export function writeMarkText(mark: Mark, notes: Readonly<Record<string, string | undefined>> = {}): string {
  const { environment, ...rest } = writeFields(mark)
  const fields = { heritage, environment, ...notes, ...rest }
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${ownNames[name] ?? name}=${value}`]))
    .join(',')
}

/** The fields of a text that starts with our heritage; undefined for any other, and for one that says a thing twice. */
export function parseMarkText(text: string): ReadonlyMap<string, string> | undefined {
  const pairs = text.split(',').map(field => {
    const [name = '', ...value] = field.split('=')
    return [name, value.join('=')] as const
  })
  const fields = new Map(pairs)
  return fields.get('heritage') === heritage && fields.get('owner') && fields.size === pairs.length
    ? fields
    : undefined
}

/** What the fields of such a text say of the owner; `what` is named where that cannot be read. */
export function readMarkFields(fields: ReadonlyMap<string, string>, what: string): Reading {
  return readFields(
    Object.fromEntries([...fields].map(([name, value]) => [commonNames.get(name) ?? name, value])),
    what,
  )
}

/** The text of a mark without one of its fields. */
export function withoutField(text: string, name: string): string {
  return text
    .split(',')
    .filter(field => !field.startsWith(`${name}=`))
    .join(',')
}
