import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import type { Reading } from '@meridian/identity'
import { normalizeName, parentOf } from '../zone/name.ts'

/** What another tool says of a name that it looks after. */
export type AlienMark = {
  readonly reading: Reading
  /** Names that it may speak for, longest first: the tools' prefixes are configurable, so its own name tells not all. */
  readonly names: readonly string[]
}

const poolPrefix = '_octodns-'
const ownership = '"*octodns*"'
/** `cname-www` (external-dns), `cname.www` (external-dns with a template, and octoDNS behind `_owner.`). */
const typeBefore = /(?<=^|[.-])(?:a|aaaa|cname)[-.]/g

/** Recognises the marks of external-dns (its TXT registry) and octoDNS (pools, and its ownership processor). */
export function readAlienMark(set: ResourceRecordSet): AlienMark | undefined {
  const name = normalizeName(set.Name ?? '')
  if (name.startsWith(poolPrefix)) return { reading: alien('octoDNS'), names: [parentOf(name)] }
  if (set.Type !== 'TXT') return undefined
  for (const { Value = '' } of set.ResourceRecords ?? []) {
    if (Value === ownership) return { reading: alien('octoDNS'), names: namesBehind(name) }
    if (!/^"heritage=external-dns(?=[,"])/.test(Value)) continue
    const owner = /[,"]external-dns\/owner=([^,"]*)/.exec(Value)?.[1]
    const by = `external-dns${owner ? ` (its owner ${owner})` : ''}`
    return { reading: alien(by), names: [name, ...namesBehind(name)] }
  }
  return undefined
}

/** Of the names that a mark may speak for, the one that it does: the longest that stands in the zone. */
export function nameOfMark({ names }: AlienMark, standing: ReadonlySet<string>): string | undefined {
  return names.find(name => standing.has(name))
}

function alien(by: string): Reading {
  return { kind: 'alien', by }
}

function namesBehind(name: string): string[] {
  return [...name.matchAll(typeBefore)].map(({ index, 0: type }) =>
    name.slice(index + type.length).replace('_wildcard', '*'),
  )
}
