import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3'
import { errorCode, isNotFound } from '@meridian/aws'

/** An object whose text was read to its end, with times of S3's own clock in milliseconds since the epoch. */
export type ReadObject = {
  readonly text: string
  readonly etag: string
  /** Undefined in a bucket without versions. */
  readonly versionId: string | undefined
  readonly writtenAt: number
  readonly readAt: number
}

const attempts = 3

/**
 * Reads an object; undefined if S3 itself says that there is none, of which `NoSuchBucket` is thrown on. An answer that
 * ends half way is asked for again: the SDK repeats a request only until its body begins.
 */
export async function readObject(
  s3: S3Client,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  abortSignal?: AbortSignal,
): Promise<ReadObject | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key })
    let readAt = Date.now()
    command.middlewareStack.add(
      next => async args => {
        const result = await next(args)
        const { headers } = result.response as { headers?: Record<string, string> }
        readAt = Date.parse(headers?.date ?? '') || readAt
        return result
      },
      { step: 'deserialize', name: 'readServerTime', priority: 'low' },
    )
    let answer: GetObjectCommandOutput
    try {
      answer = await s3.send(command, { ...(abortSignal && { abortSignal }) })
    } catch (error) {
      if (isNotFound(error)) return absent(error)
      throw error
    }
    try {
      const text = (await answer.Body?.transformToString()) ?? ''
      const { ETag: etag = '', VersionId: versionId, LastModified } = answer
      return { text, etag, versionId, writtenAt: LastModified?.getTime() ?? readAt, readAt }
    } catch (error) {
      if (attempt === attempts) throw error
    }
  }
}

function absent(error: unknown): undefined {
  if (isBucketGone(error)) throw error
}

/** S3's own word that the whole bucket is not there. */
export function isBucketGone(error: unknown): boolean {
  return errorCode(error) === 'NoSuchBucket'
}
