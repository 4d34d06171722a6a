import { domainToASCII, domainToUnicode } from 'node:url'
import { refuseFinalDot } from '@meridian/identity'
import type { Parser, Problem } from '@meridian/runner'

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * The host name that a person meant, as DNS stores it: lower case, no final dot, IDN as punycode, octal escapes
 * (`\055`) read as Route 53 writes them. Throws an Error whose message says what is allowed, for anything that a
 * host name cannot be.
 */
export function parseHostname(raw: string): string {
  if (/\p{Extended_Pictographic}/u.test(raw))
    throw new Error('must not contain emoji: IDNA 2008 forbids them')
  const escaped = /\\(056|[23][0-7]{2})/.exec(raw)?.[0]
  if (escaped) throw new Error(`must not contain ${escaped}: what it stands for is in no host name`)
  const name = normalizeName(toAscii(unescapeOctals(raw.trim())))
  if (name === '' || name.length > 253) throw new Error('must be a host name of 1 to 253 characters')
  for (const part of name.split('.')) {
    if (part === '*') throw new Error('must not be a wildcard: its owner mark could not stand beside it')
    if (!label.test(part)) {
      throw new Error(
        `has the label '${printable(part)}': labels are 1 to 63 characters of a–z, 0–9 and '-', starting and ending with a letter or digit`,
      )
    }
  }
  return name
}

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

function unescapeOctals(name: string): string {
  return name.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

function toAscii(raw: string): string {
  // Plain ASCII stays out of the URL parser, which would read '0x7f.1' as an IPv4 address.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  if (/^[\u0000-\u007f]*$/.test(raw)) return raw
  const ascii = domainToASCII(raw)
  if (ascii === '')
    throw new Error('must be a host name: it has characters that no internationalised name may have')
  return ascii
}

function printable(text: string): string {
  return JSON.stringify(text.length > 70 ? `${text.slice(0, 70)}…` : text).slice(1, -1)
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
