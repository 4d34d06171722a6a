import { covers, isMapping, type KubeObject } from '@meridian/kube'
import type { FieldSet } from './applied-fields.ts'
import { isKeyOf } from './still-applied.ts'

/**
 * An item of a list that is merged by keys, of which somebody has changed the key: to a server it is another's own item, and
 * applying the manifest would add ours beside it.
 */
export type Displaced = {
  /** The list, as servers name it, without the places in it: `spec.ports[]`. */
  list: string
  /** The item, as JSON patches point to it. */
  pointer: string
  /** What it is now. */
  live: Mapping
  /** What the manifest states. */
  wanted: Mapping
  /** Both by their keys: `port=8080`. */
  shown: { live: string; wanted: string }
  owners: string[]
}

type Mapping = Record<string, unknown>
type Owned = { manager: string; fields: FieldSet }
type Place = { pointer: string; list: string }

/** Finds what is displaced of what a manifest states. */
export function findDisplaced(desired: KubeObject, live: KubeObject): Displaced[] {
  const entries = (live.metadata as { managedFields?: { manager?: string; fieldsV1?: FieldSet }[] })
    .managedFields
  const owned = (entries ?? []).map(({ manager = '', fieldsV1 = {} }) => ({ manager, fields: fieldsV1 }))
  return walk(desired, live, owned, { pointer: '', list: '' })
}

function walk(desired: unknown, live: unknown, owned: readonly Owned[], place: Place): Displaced[] {
  if (Array.isArray(desired) && Array.isArray(live)) return walkList(desired, live, owned, place)
  if (!isMapping(desired) || !isMapping(live)) return []
  return Object.entries(desired).flatMap(([key, value]) =>
    walk(value, live[key], enter(owned, `f:${key}`), {
      pointer: `${place.pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      list: place.list === '' ? key : `${place.list}.${key}`,
    }),
  )
}

function walkList(desired: unknown[], live: unknown[], owned: readonly Owned[], place: Place): Displaced[] {
  const steps = [...new Set(owned.flatMap(({ fields }) => Object.keys(fields)))].filter(step =>
    /^k:/.test(step),
  )
  const items = live.map((item, at) => {
    const step = steps.find(each => isKeyOf(parse(each), item, false))
    const stated = step && desired.find(each => isKeyOf(parse(step), each, true))
    return { item, step, stated, pointer: `${place.pointer}/${at}` }
  })
  const list = `${place.list}[]`
  const inner = items.flatMap(({ item, step, stated, pointer }) =>
    step && stated ? walk(stated, item, enter(owned, step), { pointer, list }) : [],
  )
  const present = new Set(items.map(({ stated }) => stated))
  const strangers = items.filter(({ step, stated }) => step !== undefined && stated === undefined)
  const isOnly = desired.length === 1 && live.length === 1
  const displaced = desired.flatMap((wanted): Displaced[] => {
    if (present.has(wanted) || !isMapping(wanted)) return []
    const at = strangers.findIndex(({ item, step = '' }) => isSuccessor(item, wanted, parse(step), isOnly))
    const [found] = at < 0 ? [] : strangers.splice(at, 1)
    if (found?.step === undefined) return []
    const key = parse(found.step)
    const shown = { live: show(key, found.item as Mapping), wanted: show(key, wanted) }
    const owners = enter(owned, found.step).map(({ manager }) => manager)
    return [{ list, pointer: found.pointer, live: found.item as Mapping, wanted, shown, owners }]
  })
  return [...inner, ...displaced]
}

/** Names are unique in a list; what has none is the same if it says the same, its key apart. */
function isSuccessor(item: unknown, wanted: Mapping, key: Mapping, isOnly: boolean): boolean {
  if (!isMapping(item)) return false
  const rest = Object.fromEntries(Object.entries(wanted).filter(([name]) => !(name in key)))
  if ('name' in rest) return rest.name === item.name
  return Object.keys(rest).length === 0 ? isOnly : covers(item, rest)
}

/** Whose a part is, and what of it. */
function enter(owned: readonly Owned[], step: string): Owned[] {
  return owned.flatMap(({ manager, fields }) => {
    const inner = fields[step]
    return inner ? [{ manager, fields: inner }] : []
  })
}

const parse = (step: string): Mapping => JSON.parse(step.slice(2))

/** By what the manifest may say too: a key that only servers fill in tells nothing. */
function show(key: Mapping, item: Mapping): string {
  return Object.keys(key)
    .flatMap(name => (name in item && name !== 'protocol' ? [`${name}=${item[name]}`] : []))
    .join(',')
}
