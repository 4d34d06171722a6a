import { domainToASCII } from 'node:url'

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
  const name = toAscii(unescapeOctals(raw.trim())).toLowerCase().replace(/\.$/, '')
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

/** A name as Route 53 writes it, `\052.example.com`, in plain text. */
export function unescapeOctals(name: string): string {
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
