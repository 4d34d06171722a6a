import type { S3Client } from '@aws-sdk/client-s3'

/** Sends the account that a bucket must belong to with every request; S3 refuses the request if it is another's. */
export function expectOwner(client: S3Client, account: string): S3Client {
  client.middlewareStack.add(
    next => async args => {
      // Making a bucket is no request to one that is there.
      if (args.input !== undefined && 'Bucket' in args.input && !('CreateBucketConfiguration' in args.input))
        Object.assign(args.input, { ExpectedBucketOwner: account })
      return next(args)
    },
    { step: 'initialize', name: 'expectOwner' },
  )
  return client
}
