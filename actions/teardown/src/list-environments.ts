import { isAccessDenied, s3 } from '@meridian/aws'
import { bucketRegions, taggedResources } from '@meridian/inventory'
import { configuredClusters } from '@meridian/kops'
import { messageOf } from '@meridian/runner'
import { readBucketTags } from '@meridian/state'
import { type Environment, groupEnvironments, type MarkedBucket } from './environment.ts'
import type { Work } from './work.ts'

/** State buckets can be named by an input, so they are found by their mark and not by their name. */
const mark = 'meridian:environment'

/** What the account's state buckets say of its environments. */
export type Listing = {
  readonly environments: readonly Environment[]
  /** Names of environments, of any domain. */
  readonly owners: ReadonlySet<string>
  /** Why some buckets were left out, in words. */
  readonly notices: readonly string[]
  /** The same of buckets that should have been readable, since their names are of the domain. */
  readonly problems: readonly string[]
}

/** All environments at or below the domain whose state buckets are in the account, whatever their region. */
export async function listEnvironments(work: Work): Promise<Listing> {
  const { aws, inputs } = work
  const marked = await Promise.all(
    (await bucketRegions(aws)).map(region => taggedResources(aws, region, { [mark]: undefined }, ['s3'])),
  )
  const found = marked.flat()
  const read = await Promise.allSettled(found.map(({ id, region }) => readMarkedBucket(work, id, region)))
  const buckets = read.flatMap(one => (one.status === 'fulfilled' && one.value) || [])
  const refused = read.flatMap((one, at) => {
    if (one.status === 'fulfilled') return []
    if (!isAccessDenied(one.reason)) throw one.reason
    return [{ name: found[at]?.id ?? '', why: messageOf(one.reason) }]
  })
  const ours = (name: string) => name.endsWith(`.${inputs.domain}-state`)
  const say = ({ name, why }: { name: string; why: string }) => `The state bucket ${name} stays: ${why}`
  const { environments, unreadable } = groupEnvironments(buckets, inputs.domain)
  const nameless = unreadable.map(({ name }) => ({
    name,
    why: "no cluster's name follows from its name and tags",
  }))
  return {
    environments,
    owners: new Set(found.map(({ tags }) => tags[mark] ?? '')),
    notices: [...nameless, ...refused.filter(({ name }) => !ours(name))].map(say),
    problems: refused.filter(({ name }) => ours(name)).map(say),
  }
}

/** A bucket as S3 itself describes it: the tagging API may tell of tags that have changed since. */
export async function readMarkedBucket(
  { aws }: Pick<Work, 'aws'>,
  name: string,
  region: string,
): Promise<MarkedBucket | undefined> {
  const client = s3(aws, region)
  const [tags, configured] = await Promise.all([
    readBucketTags(client, name),
    configuredClusters(client, name),
  ])
  if (tags[mark] === undefined) return undefined
  const clusters = configured.length > 0 ? configured : [name.replace(/-state$/, '')]
  return { name, region, tags, clusters }
}
