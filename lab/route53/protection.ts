import { sortKey } from './domain-name.ts'

/** While it exists, no batch may touch the record sets of its name and type. */
export type Protection = { name: string; type: string; comment?: string }

/** Under which a zone keeps a protection: it is of a name and a type, whatever the set identifiers. */
export function protectionKey({ name, type }: Pick<Protection, 'name' | 'type'>): string {
  return `${sortKey(name)} ${type}`
}
