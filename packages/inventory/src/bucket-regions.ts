import { ListBucketsCommand } from '@aws-sdk/client-s3'
import type { Aws } from '@meridian/aws'
import { s3 } from '@meridian/aws/clients'

/** The regions in which the account has buckets. */
export async function bucketRegions(aws: Aws): Promise<string[]> {
  const client = s3(aws, 'us-east-1')
  const found = new Set<string>()
  let ContinuationToken: string | undefined
  do {
    // S3 tells the region of each only to who asks for pages.
    const page = await client.send(new ListBucketsCommand({ MaxBuckets: 1000, ContinuationToken }))
    for (const { BucketRegion } of page.Buckets ?? []) if (BucketRegion) found.add(BucketRegion)
    ContinuationToken = page.ContinuationToken
  } while (ContinuationToken !== undefined)
  return [...found].sort()
}
