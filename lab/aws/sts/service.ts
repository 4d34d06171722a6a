import {
  AwsError,
  type AwsRequest,
  type Credentials,
  type QueryOperation,
  type QueryParameters,
  type Service,
  type Session,
  type XmlInput,
} from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import { callerOf } from '../eks/identify-caller.ts'
import { createQueryService } from '../query-service.ts'
import { type TrustPolicy, trusts } from './trust.ts'

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'

/** Whom roles trust. */
export type Trust = {
  /** The trust policy for jobs of a role by its name; a role without one trusts every job. */
  jobs: TrustOf
  /** Roles and users that may assume a role, by its ARN; a role that is not there trusts none. */
  principals: ReadonlyMap<string, readonly string[]>
}

/** STS. `trust` says which roles there are and which principals and jobs may assume them. */
export function createSts(world: World, credentials: Credentials, trust: Trust): Service {
  const operations: Record<string, QueryOperation> = {
    GetCallerIdentity(_, request) {
      const { arn, userId } = credentials.identify(request)
      return { Arn: arn, UserId: userId, Account: request.account }
    },
    AssumeRole: (parameters, request) => assumeRole(credentials, trust.principals, parameters, request),
    AssumeRoleWithWebIdentity: parameters => assumeWithIdentity(world, credentials, trust.jobs, parameters),
  }
  return createQueryService('sts', namespace, operation => operations[operation])
}

type TrustOf = (role: string) => TrustPolicy | undefined

type Wanted = { account: string; name: string; sessionName: string; seconds: number }

/** What a request for a session asks; throws what STS says of parameters that it does not take. */
function readWanted(parameters: QueryParameters): Wanted {
  const roleArn = parameters.get('RoleArn') ?? ''
  const role = /^arn:aws:iam::(\d{12}):role\/([\w+=,.@/-]+)$/.exec(roleArn)
  const sessionName = parameters.get('RoleSessionName') ?? ''
  const seconds = Number(parameters.get('DurationSeconds') ?? 3600)
  const [, account = '', name = ''] = role ?? []
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    throw new AwsError(
      400,
      'ValidationError',
      `Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint`,
    )
  }
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) {
    throw new AwsError(
      400,
      'ValidationError',
      `The requested DurationSeconds ${seconds} is not between 900 and 43200`,
    )
  }
  return { account, name, sessionName, seconds }
}

/** For whoever is somebody already, and is trusted by the role. */
function assumeRole(
  credentials: Credentials,
  trusted: Trust['principals'],
  parameters: QueryParameters,
  request: AwsRequest,
): XmlInput {
  const { account, name, sessionName, seconds } = readWanted(parameters)
  const roleArn = parameters.get('RoleArn') ?? ''
  const { arn } = credentials.identify(request)
  const { canonicalArn, sessionName: chained } = callerOf(arn)
  if (!trusted.get(roleArn)?.includes(canonicalArn)) {
    const words = `User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`
    throw new AwsError(403, 'AccessDenied', words)
  }
  if (chained !== '' && seconds > 3600) {
    const words =
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining'
    throw new AwsError(400, 'ValidationError', words)
  }
  return describeSession(credentials.issue({ account, name }, sessionName, seconds), sessionName)
}

/** For a job, by its identity token. */
function assumeWithIdentity(
  world: World,
  credentials: Credentials,
  trust: TrustOf,
  parameters: QueryParameters,
): XmlInput {
  const { account, name, sessionName, seconds } = readWanted(parameters)
  if (!world.accounts.all().includes(account)) throw untrusted()
  const claims = readClaims(parameters.get('WebIdentityToken') ?? '', world.clock.now())
  const policy = trust(name)
  if (policy && !trusts(policy, claims)) throw untrusted()
  const session = credentials.issue({ account, name }, sessionName, seconds)
  return {
    ...describeSession(session, sessionName),
    SubjectFromWebIdentityToken: String(claims.sub ?? ''),
    Audience: String(claims.aud ?? ''),
  }
}

function describeSession(session: Session, sessionName: string) {
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: new Date(session.expiresAt).toISOString(),
    },
    AssumedRoleUser: { AssumedRoleId: `AROALABLABLABLABLABLA:${sessionName}`, Arn: session.arn },
  }
}

const untrusted = () =>
  new AwsError(403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity')

/** The claims of a token, whose form, audience and expiry count here; nobody checks its signature. */
function readClaims(token: string, now: number): Record<string, unknown> {
  const claims = parsePayload(token.split('.'))
  if (!claims)
    throw new AwsError(
      400,
      'InvalidIdentityToken',
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    )
  if (claims.aud !== 'sts.amazonaws.com')
    throw new AwsError(400, 'InvalidIdentityToken', 'Incorrect token audience')
  if (typeof claims.exp === 'number' && claims.exp * 1000 < now) {
    throw new AwsError(
      400,
      'ExpiredTokenException',
      'Token expired: current date/time must be before the expiration date/time',
    )
  }
  return claims
}

function parsePayload(parts: string[]): Record<string, unknown> | undefined {
  if (parts.length !== 3) return undefined
  try {
    return JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>
  } catch {
    return undefined
  }
}
