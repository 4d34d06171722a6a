import { isAbsolute } from 'node:path'
import { parse as parseYaml } from 'yaml'
import type * as z from 'zod/mini'
import { parseDuration } from './duration.ts'
import { describeValue } from './issue-words.ts'

/** Turns an input's text into a value; throws an Error whose message says what is allowed. */
export type Parser<T> = (raw: string) => T

const maxStructuredBytes = 256 * 1024
const maxAliases = 20
/** Hours that a timer of Node can hold, with room: a longer one would ring at once. */
const mostWaitingHours = 480

/** Any text without control characters, which could end a line in a log or a file. */
export const text: Parser<string> = raw => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(raw)) throw new Error('must not contain control characters')
  return raw
}

/** An RFC 1123 label of at most `maxLength` characters. */
export const label =
  (maxLength: number): Parser<string> =>
  raw => {
    if (raw.length > maxLength || !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(raw)) {
      throw new Error(
        `must be a label of at most ${maxLength} characters: a–z, 0–9 and '-', starting and ending with a letter or digit`,
      )
    }
    return raw
  }

/** The ARN of an AWS role. */
export const roleArn: Parser<string> = raw => {
  if (!/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/.test(raw)) {
    throw new Error("must be a role's ARN such as 'arn:aws:iam::111122223333:role/deploy'")
  }
  return raw
}

/** The YAML 1.2 booleans that GitHub's own toolkit accepts. */
export const flag: Parser<boolean> = raw => {
  if (/^(true|True|TRUE)$/.test(raw)) return true
  if (/^(false|False|FALSE)$/.test(raw)) return false
  throw new Error("must be 'true' or 'false'")
}

/** A whole number from `min` to `max`, both allowed. */
export const integer =
  (min: number, max: number): Parser<number> =>
  raw => {
    const value = /^\d{1,15}$/.test(raw) ? Number(raw) : Number.NaN
    if (!(value >= min && value <= max)) throw new Error(`must be a whole number from ${min} to ${max}`)
    return value
  }

/** Milliseconds of `45s`, `30m`, `1h30m`. */
export const duration: Parser<number> = parseDuration

/** Milliseconds of a duration that something waits for, at most 20 days. */
export const waitingTime: Parser<number> = raw => {
  const milliseconds = parseDuration(raw)
  if (milliseconds > mostWaitingHours * 3_600_000) throw new Error(`must be at most ${mostWaitingHours}h`)
  return milliseconds
}

/** Milliseconds for which credentials are good: with less than ten minutes they would be over before their use. */
export const lifetime: Parser<number> = raw => {
  const milliseconds = parseDuration(raw)
  if (milliseconds < 600_000) throw new Error('must be at least 10m')
  return milliseconds
}

/** One of the given words. */
export const oneOf =
  <const T extends string>(...allowed: readonly T[]): Parser<T> =>
  raw => {
    const found = allowed.find(word => word === raw)
    if (found === undefined) throw new Error(`must be one of ${allowed.join(', ')}`)
    return found
  }

/** Values separated by commas or line ends; empty ones are dropped, an empty list is refused. */
export const list =
  <T>(parse: Parser<T>): Parser<T[]> =>
  raw => {
    const words = raw
      .split(/[,\n]/)
      .map(word => word.trim())
      .filter(word => word !== '')
    if (words.length === 0) throw new Error('must name at least one value')
    if (/^(\[|- )/.test(words[0] ?? ''))
      throw new Error('must be values with commas or line ends between them, without brackets or dashes')
    return words.map(word => parseOneOf(words, word, parse))
  }

/** Of several values the wrong one is named. */
function parseOneOf<T>(words: readonly string[], word: string, parse: Parser<T>): T {
  try {
    return parse(word)
  } catch (error) {
    if (/\S\s+\S/.test(word) && words.length === 1)
      throw new Error(
        `${(error as Error).message}, or several with commas or line ends between them, not blanks`,
      )
    if (words.length === 1) throw error
    throw new Error(`has '${word.slice(0, 80)}', which ${(error as Error).message}`)
  }
}

/** A path that a tool may be given: never one that could be read as a flag. */
export const path: Parser<string> = raw => {
  if (raw.startsWith('-')) throw new Error("must be a path that does not start with '-'")
  if (/^\w+:\/\//.test(raw)) throw new Error('must be a path, not a URL: a step before can download it')
  return isAbsolute(raw) ? text(raw) : text(raw.replace(/^\.\//, ''))
}

/** YAML or JSON of the given shape, with caps on size, aliases and depth (an alias bomb or deep nest is refused). */
export const yamlOf =
  <T>(schema: z.ZodMiniType<T>): Parser<T> =>
  raw => {
    const parsed = schema.safeParse(parseStructured(raw), { error: describeValue })
    if (parsed.success) return parsed.data
    throw new Error(parsed.error.issues.map(describeIssue).join('; '))
  }

function parseStructured(raw: string): unknown {
  if (Buffer.byteLength(raw) > maxStructuredBytes)
    throw new Error(`must be at most ${maxStructuredBytes / 1024} KiB of YAML or JSON`)
  try {
    return (
      parsePlainJson(raw) ?? parseYaml(raw, { maxAliasCount: maxAliases, merge: false, logLevel: 'error' })
    )
  } catch (error) {
    // A RangeError is the parser's own stack running out on deep nesting.
    const reason =
      error instanceof RangeError
        ? 'it is nested too deeply'
        : (error as Error).message.split('\n')[0]?.replace(/:$/, '')
    throw new Error(`must be YAML or JSON: ${reason}`)
  }
}

/**
 * What another step wrote as JSON, which says the same as YAML, in a tenth of the time; undefined of any other text. A key
 * that is there twice, which YAML refuses, makes it other.
 */
function parsePlainJson(raw: string): unknown {
  if (!/^[[{]/.test(raw)) return undefined
  try {
    const value: unknown = JSON.parse(raw)
    return [JSON.stringify(value), JSON.stringify(value, null, 2)].includes(raw) ? value : undefined
  } catch {
    return undefined
  }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const where = issue.path.map(step => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  return where === '' ? issue.message : `${where.replace(/^\./, '')}: ${issue.message}`
}
