import { isIPv4, isIPv6 } from 'node:net'
import { nameProblem } from './domain-name.ts'

const forms = {
  MX: /^\d{1,5} \S+$/,
  SRV: /^\d{1,5} \d{1,5} \d{1,5} \S+$/,
  CAA: /^\d{1,3} [a-z0-9]+ "[^"]*"$/i,
}
const shapes = { MX: 'preference name', SRV: 'priority weight port name', CAA: 'flags tag "value"' }

/** What is wrong with a value of a record of `type`, in Route 53's words; undefined for a legal one. */
export function valueProblem(type: string, value: string): string | undefined {
  const fatal = findProblem(type, value)
  return fatal && `Invalid Resource Record: '${fatal}'`
}

function findProblem(type: string, value: string): string | undefined {
  const fatal = (kind: string, text: string) => `FATAL problem: ${kind} (${text}) encountered with '${value}'`
  switch (type) {
    case 'A':
      return isIPv4(value)
        ? undefined
        : fatal('ARRDATAIllegalIPv4Address', 'Value is not a valid IPv4 address')
    case 'AAAA':
      return isIPv6(value)
        ? undefined
        : fatal('AAAARRDATAIllegalIPv6Address', 'Value is not a valid IPv6 address')
    case 'CNAME':
    case 'NS':
    case 'PTR':
      if (/[\s"]/.test(value)) return fatal('UnsupportedCharacter', 'Value contains unsupported characters')
      return value === '' ? fatal('DomainLabelEmpty', 'Domain label is empty') : nameProblem(value)
    case 'TXT':
    case 'SPF':
      return textProblem(value, fatal)
    case 'MX':
    case 'SRV':
    case 'CAA':
      return forms[type].test(value)
        ? undefined
        : fatal(`${type}RDATANotEnoughTokens`, `Value is not of the form ${shapes[type]}`)
    default:
      return undefined
  }
}

// A TXT value is one or more quoted strings of at most 255 characters each.
function textProblem(value: string, fatal: (kind: string, text: string) => string): string | undefined {
  if (!/^\s*"(?:[^"\\]|\\.)*"(?:\s+"(?:[^"\\]|\\.)*")*\s*$/.test(value)) {
    return fatal('InvalidCharacterString', 'Value should be enclosed in quotation marks')
  }
  const strings = value.match(/"(?:[^"\\]|\\.)*"/g) ?? []
  const tooLong = strings.some(text => text.slice(1, -1).replace(/\\(?:[0-3][0-7]{2}|.)/g, 'x').length > 255)
  return tooLong ? fatal('CharacterStringTooLong', 'Value is too long') : undefined
}
