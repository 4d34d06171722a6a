import { errorCode, isThrottling, isUnreachable } from '@meridian/aws'

type Answered = { $metadata?: { httpStatusCode?: number } }

export type ChangeFailure =
  /** Surely not made: send it again, later. */
  | 'busy'
  /** Made or not: read back before anything else. */
  | 'ambiguous'
  /** Refused as it stands: what is there is not what was observed, or the batch is wrong. */
  | 'rejected'
  | 'fatal'

const rejections = new Set([
  'InvalidChangeBatch',
  'InvalidResourceRecordSetProtectionBatch',
  'ProtectionAlreadyExists',
])

/** Sorts what a request that writes threw. */
export function judgeChangeFailure(error: unknown): ChangeFailure {
  if (isThrottling(error)) return 'busy'
  if (rejections.has(errorCode(error))) return 'rejected'
  const status = (error as Answered | undefined)?.$metadata?.httpStatusCode ?? 0
  // A 2xx that could not be read (cut short, not XML) was an acceptance or not: only reading back tells.
  if (isUnreachable(error) || status >= 500 || (status >= 200 && status < 300)) return 'ambiguous'
  return 'fatal'
}
