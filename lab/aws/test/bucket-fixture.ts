import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3'
import type { WorldOptions } from '@meridian/lab-world'
import { openAccount } from './open-account.ts'

export const Bucket = 'usa.k8s.example.com-state'

/** An account with one bucket in us-east-1 and a client for it. */
export async function openBucket({
  versioned = false,
  ...options
}: WorldOptions & { versioned?: boolean } = {}) {
  const account = await openAccount(options)
  const client = account.s3()
  await client.send(new CreateBucketCommand({ Bucket }))
  if (versioned) {
    await client.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    )
  }
  return {
    ...account,
    client,
    put: (Key: string, Body: string, more: Partial<PutObjectCommandInput> = {}) =>
      client.send(new PutObjectCommand({ Bucket, Key, Body, ...more })),
  }
}
