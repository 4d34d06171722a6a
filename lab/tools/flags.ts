export type FlagKind = 'text' | 'flag' | 'number' | 'duration' | 'list' | 'lines'

/** One option of a command, as pflag knows it. */
export type Flag = {
  name: string
  short?: string
  kind: FlagKind
  /** The type's name in the usage text, where it is not the kind's own: `int32`, `target`. */
  type?: string
  usage: string
  default?: string
  /** The value that the bare flag stands for; a value of its own must then be attached with `=`. */
  bare?: string
  deprecated?: string
}

/** The options that a command line gave, with pflag's defaults for the others. */
export type Flags = {
  given(name: string): boolean
  text(name: string): string
  on(name: string): boolean
  number(name: string): number
  /** Milliseconds. */
  duration(name: string): number
  list(name: string): string[]
}

export const typeNames: Record<FlagKind, string> = {
  text: 'string',
  flag: '',
  number: 'int',
  duration: 'duration',
  list: 'strings',
  lines: 'stringArray',
}

/** Says in Go's words why a value does not fit a flag; undefined if it does. */
export function objection(flag: Flag, value: string): string | undefined {
  const reason = reasons[flag.kind]?.(value)
  if (reason === undefined) return undefined
  const label = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`
  return `invalid argument ${JSON.stringify(value)} for "${label}" flag: ${reason}`
}

const reasons: Partial<Record<FlagKind, (value: string) => string | undefined>> = {
  flag: value =>
    truths.has(value) ? undefined : `strconv.ParseBool: parsing ${quote(value)}: invalid syntax`,
  number: value =>
    /^[-+]?\d+$/.test(value) ? undefined : `strconv.ParseInt: parsing ${quote(value)}: invalid syntax`,
  duration: value => (parseDuration(value) === undefined ? durationReason(value) : undefined),
}

const truths = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map(text => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map(text => [text, false] as const),
])

const quote = (value: string) => JSON.stringify(value)

function durationReason(value: string): string {
  const unit = /^[-+]?[\d.]+([^\d.]*)/.exec(value)?.[1]
  if (unit === undefined) return `time: invalid duration ${quote(value)}`
  if (unit === '') return `time: missing unit in duration ${quote(value)}`
  return `time: unknown unit ${quote(unit)} in duration ${quote(value)}`
}

const units: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** Milliseconds of a duration as Go writes it (`1h30m`, `0`, `1.5s`); undefined if it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  const [, sign, rest = ''] = /^([-+]?)(.*)$/.exec(text) ?? []
  const parts = [...rest.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map(part => part[0]).join('') !== rest) return undefined
  const sum = parts.reduce((total, [, amount, unit = '']) => total + Number(amount) * (units[unit] ?? 0), 0)
  return sign === '-' ? -sum : sum
}

/** Reads the collected raw values; every value must have passed `objection`. */
export function readFlags(known: readonly Flag[], raw: ReadonlyMap<string, string[]>): Flags {
  const flag = (name: string) => {
    const found = known.find(flag => flag.name === name)
    if (!found) throw new Error(`the command has no flag --${name}`)
    return found
  }
  const last = (name: string) => raw.get(name)?.at(-1) ?? flag(name).default ?? ''
  return {
    given: name => raw.has(name),
    text: last,
    on: name => truths.get(last(name)) ?? false,
    number: name => Number(last(name) || '0'),
    duration: name => parseDuration(last(name) || '0') ?? 0,
    list: name => {
      const values = raw.get(name) ?? (flag(name).default ? [flag(name).default ?? ''] : [])
      if (flag(name).kind === 'lines') return values
      return values.flatMap(value => (value === '' ? [] : value.split(',')))
    },
  }
}
