import { isWithin } from '@meridian/dns'
import { type Reading, readTags, type StoreLocation } from '@meridian/identity'
import { bucketRegions, taggedResources } from '@meridian/inventory'
import { messageOf } from '@meridian/runner'
import type { Work } from '../work.ts'
import { rootOfName } from './claims.ts'
import { settleEach } from './settle-each.ts'

/** A store in which there may be claims. */
export type StorePlace = {
  readonly location: StoreLocation
  /** The region to ask first. */
  readonly near: string
  readonly account: string
  /** What the tagging API says of its bucket's tags: good to know where to look, and no proof of anything. */
  readonly hearsay: Reading | undefined
}

/** Every bucket that Meridian has made has it, and some that version 0.1 has not made. */
export const environmentTag = 'meridian:environment'

/**
 * Where claims are looked for: in the stores that the input names, and in the account's buckets with a tag of ours whose
 * domain fits. No other bucket is read. What cannot be listed (`unlisted`) is told in `problems`, and keeps nothing else from
 * being found.
 */
export async function findPlaces(
  work: Work,
): Promise<{ places: readonly StorePlace[]; unlisted: readonly string[]; problems: readonly string[] }> {
  const { aws, inputs, account } = work
  const named = (inputs.stateStores ?? []).map(location => ({
    location,
    near: 'us-east-1',
    account: inputs.stateStoreAccount ?? account,
    hearsay: undefined,
  }))
  const problems: string[] = []
  const unlisted: string[] = []
  const tell = (what: string) => (error: unknown) => {
    work.job.signal.throwIfAborted()
    unlisted.push(what)
    problems.push(`${what} could not be looked through for state buckets: ${messageOf(error)}`)
    return []
  }
  const regions = await bucketRegions(aws).catch(tell('the account'))
  const listed = await settleEach(regions, region =>
    taggedResources(aws, region, { [environmentTag]: undefined }, ['s3']).catch(tell(region)),
  )
  const tagged = listed.flat().map(({ id, region, tags }) => ({
    location: { bucket: id, path: '' },
    near: region,
    account,
    hearsay: readTags(tags),
  }))
  const wanted = tagged.filter(place => mayHold(place, inputs.domain))
  const isNamed = ({ location }: StorePlace) =>
    named.some(other => other.location.bucket === location.bucket && other.location.path === location.path)
  return { places: [...named, ...wanted.filter(place => !isNamed(place))], unlisted, problems }
}

/** Whether a tagged bucket can have to do with a domain. A mark of version 0.1 does not say for which it is. Pure. */
function mayHold({ hearsay }: StorePlace, domain: string): boolean {
  if (hearsay?.kind !== 'marked' || hearsay.mark.domain === undefined) return true
  return isWithin(hearsay.mark.domain, domain) || isWithin(domain, hearsay.mark.domain)
}

/** The environment that a bucket which cannot be read may be of, by its tags or else by its name. Pure. */
export function rootOfPlace({ location, hearsay }: StorePlace): string | undefined {
  if (hearsay === undefined) return undefined
  if (hearsay.kind === 'marked' && hearsay.mark.domain !== undefined) {
    const { owner, domain } = hearsay.mark
    return owner === 'default' ? domain : `${owner}.${domain}`
  }
  return location.bucket.endsWith('-state')
    ? rootOfName(location.bucket.slice(0, -'-state'.length))
    : undefined
}
