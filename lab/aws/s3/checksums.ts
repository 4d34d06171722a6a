import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { AwsError } from '@meridian/lab-aws-protocol'

/** As bytes: ETags have them in hex, `Content-MD5` in base64. */
export function md5(body: Buffer): Buffer {
  return createHash('md5').update(body).digest()
}

const algorithms: Record<string, (body: Buffer) => string> = {
  'x-amz-checksum-crc32': body => {
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc32(body))
    return sum.toString('base64')
  },
  'x-amz-checksum-sha1': body => createHash('sha1').update(body).digest('base64'),
  'x-amz-checksum-sha256': body => createHash('sha256').update(body).digest('base64'),
}

/** Throws BadDigest when a checksum that came with the body is not the body's. Unknown kinds are believed. */
export function verifyChecksums(body: Buffer, headers: Record<string, string | undefined>): void {
  const given = headers['content-md5']
  if (given !== undefined && given !== md5(body).toString('base64')) {
    throw new AwsError(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.')
  }
  for (const [name, compute] of Object.entries(algorithms)) {
    const expected = headers[name]
    if (expected !== undefined && expected !== compute(body)) {
      const kind = name.replace('x-amz-checksum-', '').toUpperCase()
      throw new AwsError(400, 'BadDigest', `The ${kind} you specified did not match the calculated checksum.`)
    }
  }
}
