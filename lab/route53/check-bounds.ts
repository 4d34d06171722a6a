import type { RecordSet } from './record-set.ts'

type Bound = { field: string; value: number; least: number; most: number; what: 'value' | 'length' }

const greatestTtl = 2_147_483_647

/** What the API model forbids of a record set at `member`, whatever the zone holds; undefined for nothing. */
export function boundProblem(record: RecordSet, member: string): string | undefined {
  const broken = boundsOf(record).find(({ value, least, most }) => !(value >= least && value <= most))
  if (!broken) return undefined
  const { field, value, least, most, what } = broken
  const bound = value > most ? `less than or equal to ${most}` : `greater than or equal to ${least}`
  return `1 validation error detected: Value '${value}' at '${member}.${field}' failed to satisfy constraint: Member must have ${what} ${bound}`
}

function boundsOf({ ttl, weight, setIdentifier, values }: RecordSet): Bound[] {
  const bounds: Bound[] = values.map((value, index) => {
    const field = `resourceRecordSet.resourceRecords.${index + 1}.member.value`
    return { field, value: value.length, least: 0, most: 4000, what: 'length' }
  })
  if (ttl !== undefined)
    bounds.push({ field: 'resourceRecordSet.tTL', value: ttl, least: 0, most: greatestTtl, what: 'value' })
  if (weight !== undefined)
    bounds.push({
      field: 'resourceRecordSet.weight',
      value: Number(weight),
      least: 0,
      most: 255,
      what: 'value',
    })
  if (setIdentifier !== undefined) {
    const value = setIdentifier.length
    bounds.push({ field: 'resourceRecordSet.setIdentifier', value, least: 1, most: 128, what: 'length' })
  }
  return bounds
}
