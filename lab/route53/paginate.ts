import { AwsError } from '@meridian/lab-aws-protocol'

/** MaxItems as Route 53 takes it: a positive number, cut at the most that a page holds. */
export function pageSize(given: string | null, most: number): number {
  if (given === null) return most
  const size = Number(given)
  if (!Number.isInteger(size) || size < 1)
    throw new AwsError(400, 'InvalidInput', `Invalid MaxItems: ${given}`)
  return Math.min(size, most)
}

/** One page of at most 100 things, from the one whose id is the marker on. */
export function paginate<T extends { id: string }>(all: readonly T[], query: URLSearchParams) {
  const most = pageSize(query.get('maxitems'), 100)
  const marker = query.get('marker')
  const begin = marker === null ? 0 : all.findIndex(({ id }) => id === marker)
  if (begin < 0) throw new AwsError(400, 'InvalidInput', `Invalid marker: ${marker}`)
  const next = all[begin + most]
  return {
    page: all.slice(begin, begin + most),
    Marker: marker ?? undefined,
    IsTruncated: next !== undefined,
    NextMarker: next?.id,
    MaxItems: most,
  }
}
