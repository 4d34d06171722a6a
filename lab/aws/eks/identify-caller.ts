import {
  AwsError,
  type AwsRequest,
  type Credentials,
  checkSignature,
  readScope,
  readStamp,
} from '@meridian/lab-aws-protocol'
import { findRegion } from '@meridian/lab-world'
import { domainsOf, partitionOf } from './partitions.ts'
import { clusterHeader, type SignedRequest, TokenRefusal } from './read-token.ts'

export type Caller = {
  /** Of the session, if it is one. */
  arn: string
  /** Of the user or the role. */
  canonicalArn: string
  /** '' for a user. */
  sessionName: string
}

const fifteenMinutes = 15 * 60_000

/**
 * Asks the world's STS who has signed a request for a cluster of this name, as the authenticator does: it sends what the
 * token says with the name in a header of its own. Throws TokenRefusal.
 */
export function identifyCaller(
  { host, region, query }: SignedRequest,
  cluster: string,
  credentials: Credentials,
  accountOf: (accessKey: string | undefined) => string,
  now: number,
): Caller {
  const failed = (words: string) => new TokenRefusal(`sts getCallerIdentity failed: ${words}`)
  if (!exists(host, region)) {
    throw failed(`error during GET: dial tcp: lookup ${host}: no such host on ${region} endpoint`)
  }
  const scope = readScope(undefined, query)
  const request: AwsRequest = {
    ...scope,
    account: accountOf(scope.accessKey),
    method: 'GET',
    host,
    path: '/',
    query,
    headers: { host, [clusterHeader]: cluster, accept: 'application/json' },
    body: Buffer.alloc(0),
  }
  try {
    checkScope(request, region)
    checkAge(request, now)
    const { arn, secret } = credentials.identify(request)
    checkSignature(request, secret)
    return callerOf(arn)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const body = JSON.stringify({ Error: { Code: error.code, Message: error.message, Type: 'Sender' } })
    throw failed(`error from AWS (expected 200, got ${error.status}) on ${region} endpoint. Body: ${body}`)
  }
}

/** Whether a name that has the right form is known: not every region has one for FIPS. */
function exists(host: string, region: string): boolean {
  if (region === 'global') return true
  const known = findRegion(region) !== undefined || partitionOf(region) !== 'aws'
  const domains = domainsOf(partitionOf(region))
  const fips = host.startsWith('sts-fips.') && partitionOf(region) === 'aws' && !/^(us|ca)-/.test(region)
  return known && !fips && domains.some(domain => host.endsWith(`.${region}.${domain}`))
}

/** STS takes presigned requests for 15 minutes, whatever their X-Amz-Expires says, and none from the future. */
function checkAge({ query }: AwsRequest, now: number): void {
  const stamp = query.get('X-Amz-Date') ?? ''
  const age = now - readStamp(stamp)
  if (age <= fifteenMinutes && age >= -fifteenMinutes / 3) return
  const words = age > 0 ? 'Signature expired' : 'Signature not yet current'
  throw new AwsError(403, 'SignatureDoesNotMatch', `${words}: ${stamp}`)
}

function checkScope({ region, service }: AwsRequest, hostRegion: string): void {
  const wanted = hostRegion === 'global' ? 'us-east-1' : hostRegion
  if (service !== 'sts')
    throw new AwsError(
      403,
      'SignatureDoesNotMatch',
      "Credential should be scoped to correct service: 'sts'. ",
    )
  if (region !== wanted)
    throw new AwsError(
      403,
      'SignatureDoesNotMatch',
      `Credential should be scoped to a valid region, not '${region}'. `,
    )
}

/** Who is behind an ARN: of a session the role, by its name. */
export function callerOf(arn: string): Caller {
  const [, account, role, sessionName] = /^arn:aws:sts::(\d+):assumed-role\/(.+)\/([^/]+)$/.exec(arn) ?? []
  if (role === undefined || sessionName === undefined) return { arn, canonicalArn: arn, sessionName: '' }
  return { arn, canonicalArn: `arn:aws:iam::${account}:role/${role}`, sessionName }
}
