import { goDuration } from '../duration.ts'

type Field = { readonly min: number; readonly max: number; readonly names?: readonly string[] }

const fields: readonly Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  {
    min: 1,
    max: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
]

/** What is wrong with a schedule, in the words of Kubernetes' reader, robfig/cron 3.0.1, to which Sunday is 0 and never 7. */
export function findScheduleFault(schedule: string): string | undefined {
  if (schedule.startsWith('@')) return findDescriptorFault(schedule)
  const parts = schedule.split(/\s+/).filter(part => part !== '')
  if (parts.length !== fields.length)
    return `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`
  const ranges = parts.flatMap((part, at) =>
    part.split(',').flatMap(range => (range === '' ? [] : [[range, fields[at] as Field] as const])),
  )
  return ranges.map(([range, field]) => findRangeFault(range, field)).find(fault => fault !== undefined)
}

function findDescriptorFault(descriptor: string): string | undefined {
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(descriptor)) return undefined
  if (!descriptor.startsWith('@every ')) return `unrecognized descriptor: ${descriptor}`
  const every = descriptor.slice('@every '.length)
  if (goDuration.test(every) || /^[-+]?0$/.test(every)) return undefined
  return `failed to parse duration ${descriptor}: time: invalid duration ${JSON.stringify(every)}`
}

function findRangeFault(range: string, field: Field): string | undefined {
  const [span = '', step, ...moreSteps] = range.split('/')
  const [low = '', high, ...moreEnds] = span.split('-')
  const star = low === '*' || low === '?'
  const first = star ? field.min : readNumber(low, field)
  if (typeof first === 'string') return first
  const last = star ? field.max : readNumber(high ?? low, field)
  if (typeof last === 'string') return last
  if (!star && moreEnds.length > 0) return `too many hyphens: ${range}`
  const every = readNumber(step ?? '1')
  if (typeof every === 'string') return every
  if (moreSteps.length > 0) return `too many slashes: ${range}`
  const end = step !== undefined && high === undefined ? field.max : last
  if (first < field.min) return `beginning of range (${first}) below minimum (${field.min}): ${range}`
  if (end > field.max) return `end of range (${end}) above maximum (${field.max}): ${range}`
  if (first > end) return `beginning of range (${first}) beyond end of range (${end}): ${range}`
  return every === 0 ? `step of range should be a positive number: ${range}` : undefined
}

/** The number, or what is wrong with it. */
function readNumber(
  text: string,
  { min, names = [] }: Pick<Field, 'min' | 'names'> = { min: 0 },
): number | string {
  const at = names.indexOf(text.toLowerCase())
  if (at >= 0) return min + at
  if (!/^[-+]?\d+$/.test(text))
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`
  return Number(text)
}
