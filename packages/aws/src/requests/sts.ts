import type { Job } from '@meridian/runner'
import type { AwsCredentialIdentity } from '@smithy/types'
import { dnsSuffix } from '../regions/regions.ts'
import {
  childOf,
  type QueryService,
  queryRequest,
  readAnswer,
  resultOf,
  textOf,
  type Xml,
} from './query-api.ts'
import { type Sender, sendPatiently } from './signed-request.ts'

/** What it makes is good in all regions. */
export const stsRegion = 'us-east-1'

const sts: QueryService = {
  name: 'sts',
  variable: 'STS',
  host: region => `sts.${region}.${dnsSuffix(region)}`,
  version: '2011-06-15',
}

/** Asks STS; what it refuses is a `ServiceError`. */
export async function askSts(
  sender: Sender,
  action: string,
  form: Record<string, string> = {},
): Promise<Xml> {
  const text = await sendPatiently(sender, sts, queryRequest(sts, stsRegion, action, form))
  return resultOf(readAnswer(sts, action, text), action)
}

/** The credentials that STS has made, masked. They end at `latest` at the latest, milliseconds by this machine's clock. */
export function takeSession(job: Pick<Job, 'mask'>, result: Xml, latest: number): AwsCredentialIdentity {
  const made = childOf(result, 'Credentials')
  const accessKeyId = textOf(made, 'AccessKeyId')
  const secretAccessKey = textOf(made, 'SecretAccessKey')
  const sessionToken = textOf(made, 'SessionToken')
  if (!accessKeyId || !secretAccessKey || !sessionToken) throw new Error('STS answered without credentials')
  job.mask(secretAccessKey)
  job.mask(sessionToken)
  // This machine's clock may be behind that of AWS and would then see an end that is long past.
  const end = Math.min(Date.parse(textOf(made, 'Expiration')) || latest, latest)
  return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(end) }
}
