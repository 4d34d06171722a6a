import { copyJson, type Fields, isFields } from '@meridian/lab-world/json'

/** Sets the fields that are missing; null counts as missing. */
export function fill(target: Fields, defaults: Readonly<Fields>): void {
  for (const [name, value] of Object.entries(defaults)) target[name] ??= copyJson(value)
}

/** Sets the fields that are missing or empty: an empty text and 0 are what a type of Go has where nobody says a word. */
export function fillEmpty(target: Fields, defaults: Readonly<Fields>): void {
  for (const [name, value] of Object.entries(defaults)) target[name] ||= copyJson(value)
}

/** The map in a field, made if it is not there. */
export function child(target: Fields, name: string): Fields {
  const present = target[name]
  if (isFields(present)) return present
  const made: Fields = {}
  target[name] = made
  return made
}
