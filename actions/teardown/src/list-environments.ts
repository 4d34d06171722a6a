import { bucketRegions, s3, taggedResources } from '@meridian/aws'
import { configuredClusters, readBucketTags } from '@meridian/kops'
import { type Environment, groupEnvironments, type MarkedBucket } from './environment.ts'
import type { Work } from './work.ts'

/** State buckets can be named by an input, so they are found by their mark and not by their name. */
const mark = 'meridian:environment'

/** All environments at or below the domain whose state buckets are in the account, whatever their region. */
export async function listEnvironments(
  work: Work,
): Promise<{ environments: Environment[]; unreadable: MarkedBucket[]; owners: ReadonlySet<string> }> {
  const { aws, inputs } = work
  const regions = await bucketRegions(aws)
  const found = await Promise.all(
    regions.map(async region => {
      const marked = await taggedResources(aws, region, { [mark]: undefined }, ['s3'])
      return Promise.all(marked.map(({ id }) => readMarkedBucket(work, id, region)))
    }),
  )
  const buckets = found.flat().flatMap(bucket => bucket ?? [])
  const owners = new Set(buckets.map(({ tags }) => tags[mark] ?? ''))
  return { ...groupEnvironments(buckets, inputs.domain), owners }
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
