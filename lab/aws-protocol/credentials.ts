import { randomText, type World } from '@meridian/lab-world'
import { AwsError } from './aws-error.ts'
import { type AwsRequest, header } from './aws-request.ts'

export type LongLivedKey = { accessKeyId: string; secretAccessKey: string }

export type Session = LongLivedKey & {
  sessionToken: string
  expiresAt: number
  arn: string
}

export type Credentials = {
  /** A long-lived key of an account. */
  add(account: string): LongLivedKey
  /** A new session of a role that ends after so many real seconds, unless the world shortens it. */
  issue(role: { account: string; name: string }, sessionName: string, seconds: number): Session
  /** Ends every session that there is. */
  expireAll(): void
  /** The caller of a request, with the secret to sign it with; throws what AWS says about keys that it does not know. */
  identify(request: AwsRequest): { arn: string; userId: string; secret: string }
}

/** Long-lived keys begin with AKIA, those of sessions with ASIA; both must have been issued here. */
export function createCredentials(world: World): Credentials {
  const sessions = new Map<string, Session>()
  const keys = new Map<string, LongLivedKey>()
  return {
    add(account) {
      const accessKeyId = `AKIA${account}LAB0`
      const key = keys.get(accessKeyId) ?? { accessKeyId, secretAccessKey: randomText(world.random, 40) }
      keys.set(key.accessKeyId, key)
      world.accounts.assign(key.accessKeyId, account)
      world.secrets.add(`secret key of account ${account}`, key.secretAccessKey)
      return key
    },
    issue({ account, name }, sessionName, seconds) {
      const session = {
        accessKeyId: `ASIA${randomText(world.random, 16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
        secretAccessKey: randomText(world.random, 40),
        sessionToken: randomText(world.random, 96),
        expiresAt: world.clock.now() + (world.faults.parameter('short-sessions') ?? seconds) * 1000,
        arn: `arn:aws:sts::${account}:assumed-role/${name}/${sessionName}`,
      }
      sessions.set(session.accessKeyId, session)
      world.accounts.assign(session.accessKeyId, account)
      world.secrets.add(`secret key of ${session.arn}`, session.secretAccessKey)
      world.secrets.add(`session token of ${session.arn}`, session.sessionToken)
      return session
    },
    expireAll() {
      for (const session of sessions.values()) session.expiresAt = 0
    },
    identify(request) {
      const key = request.accessKey ?? ''
      const secret = keys.get(key)?.secretAccessKey
      if (secret !== undefined)
        return { arn: `arn:aws:iam::${request.account}:user/lab`, userId: 'AIDALABLABLABLABLABLA', secret }
      const session = sessions.get(key)
      const token = header(request, 'x-amz-security-token') ?? request.query.get('X-Amz-Security-Token')
      if (!session || session.sessionToken !== token) throw unknownKey(request.service)
      if (session.expiresAt <= world.clock.now()) throw expired(request.service)
      const userId = `AROALABLABLABLABLABLA:${session.arn.split('/').at(-1)}`
      return { arn: session.arn, userId, secret: session.secretAccessKey }
    },
  }
}

function unknownKey(service: string | undefined): AwsError {
  if (service === 's3') {
    return new AwsError(
      403,
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
    )
  }
  if (service === 'ec2') {
    return new AwsError(401, 'AuthFailure', 'AWS was not able to validate the provided access credentials')
  }
  const code = isJson(service) ? 'UnrecognizedClientException' : 'InvalidClientTokenId'
  return new AwsError(403, code, 'The security token included in the request is invalid.')
}

function expired(service: string | undefined): AwsError {
  if (service === 's3') return new AwsError(400, 'ExpiredToken', 'The provided token has expired.')
  if (service === 'ec2') return new AwsError(400, 'RequestExpired', 'Request has expired.')
  const message = 'The security token included in the request is expired'
  return isJson(service)
    ? new AwsError(isRest(service) ? 403 : 400, 'ExpiredTokenException', message)
    : new AwsError(403, 'ExpiredToken', message)
}

/** Services of the JSON protocols call these errors exceptions. */
export function isJson(service: string | undefined): boolean {
  return service === 'tagging' || service === 'events' || service === 'sqs' || isRest(service)
}

/** Of these, services whose operations are paths: to them a refusal is a 403, to the others a 400. */
export function isRest(service: string | undefined): boolean {
  return service === 'eks'
}
