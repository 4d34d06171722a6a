import { domainToUnicode } from 'node:url'
import { parseHostname, refuseFinalDot, unescapeOctals } from '@meridian/identity'
import type { Parser, Problem } from '@meridian/runner'

/** A name as Route 53 lists it (`\052.Example.com.`) in the form that names are compared in (`*.example.com`). */
export function normalizeName(listed: string): string {
  return unescapeOctals(listed).toLowerCase().replace(/\.$/, '')
}

/** A name for people: with its international form, where it has one. */
export function displayName(name: string): string {
  const original = domainToUnicode(name)
  return original === '' || original === name ? name : `${name} (${original})`
}

/** Route 53's order of names: by label from the right (com.example.www), in ASCII order. */
export function compareNames(left: string, right: string): number {
  const [a, b] = [sortKey(left), sortKey(right)]
  return a < b ? -1 : a > b ? 1 : 0
}

/** Whether a name is a domain or below it; both normalized. */
export function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`)
}

/** The name and every domain above it, longest first: a.b.c → a.b.c, b.c, c. */
export function ancestorsOf(name: string): string[] {
  const labels = name.split('.')
  return labels.map((_, at) => labels.slice(at).join('.'))
}

/** The name above: `b.example.com` of `a.b.example.com`. */
export function parentOf(name: string): string {
  return name.slice(name.indexOf('.') + 1)
}

function sortKey(name: string): string {
  // Sorted in escaped form, as listed. The unit separator is below every character, so children follow their parent.
  const escaped = name.toLowerCase().replace(/\.$/, '').replaceAll('*', '\\052')
  return escaped.split('.').reverse().join('\u001f')
}

/** A name below a domain, or `@` for the domain itself. Throws an Error whose message says what is allowed. */
export const recordLabel: Parser<string> = raw => {
  refuseFinalDot(raw)
  return raw === '@' ? raw : parseHostname(raw)
}

/** What is wrong with a record that has its domain in it. */
export function checkRecord(record: string, domain: string): Problem[] {
  if (!isWithin(record, domain)) return []
  const without = record === domain ? '@' : record.slice(0, -domain.length - 1)
  return [{ input: 'record', message: `'${record}' must be without the domain: '${without}'` }]
}
