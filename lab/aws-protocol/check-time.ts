import { AwsError } from './aws-error.ts'
import { type AwsRequest, header } from './aws-request.ts'
import { isJson } from './credentials.ts'

const minute = 60_000
const fifteenMinutes = 15 * minute

/** Refuses a request whose signature is too old or too new for `now`, in the words of its service. */
export function checkTime(request: AwsRequest, now: number): void {
  const stamp = header(request, 'x-amz-date')
  if (stamp === undefined) return
  const late = now - readStamp(stamp)
  if (Math.abs(late) <= (request.service === 's3' ? fifteenMinutes : 5 * minute)) return
  const time = (at: number) => new Date(at).toISOString()
  if (request.service === 's3') {
    const words = 'The difference between the request time and the current time is too large.'
    throw new AwsError(403, 'RequestTimeTooSkewed', words, {
      details: {
        RequestTime: stamp,
        ServerTime: time(now),
        MaxAllowedSkewMilliseconds: String(fifteenMinutes),
      },
    })
  }
  if (request.service === 'ec2') throw new AwsError(400, 'RequestExpired', 'Request has expired.')
  const bound = now - Math.sign(late) * 5 * minute
  const words =
    late > 0
      ? `Signature expired: ${stamp} is now earlier than ${writeStamp(bound)} (${writeStamp(now)} - 5 min.)`
      : `Signature not yet current: ${stamp} is still later than ${writeStamp(bound)} (${writeStamp(now)} + 5 min.)`
  throw new AwsError(
    403,
    isJson(request.service) ? 'InvalidSignatureException' : 'SignatureDoesNotMatch',
    words,
  )
}

/** Milliseconds since the epoch of `20261126T022233Z`; NaN for anything else. */
export function readStamp(stamp: string): number {
  const form = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/
  return form.test(stamp) ? Date.parse(stamp.replace(form, '$1-$2-$3T$4:$5:$6Z')) : Number.NaN
}

function writeStamp(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')
}
