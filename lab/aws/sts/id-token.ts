import { type ControlRoutes, randomText, repositorySlug, type World } from '@meridian/lab-world'

const issuer = 'https://token.actions.githubusercontent.com'
const lifetimeSeconds = 300
const bearer = 'the-job-may-ask-for-identity-tokens'

/** What GitHub says of a job in its token, `sub` among it. */
export type JobClaims = Readonly<Record<string, string>> & { readonly sub: string }

/** What a job with `permissions: id-token: write` has in its environment; by default, a job of this repository's. */
export function idTokenVariables(frontDoorUrl: string, claims?: JobClaims): Record<string, string> {
  // The service knows its jobs by what they send; here it is the claims themselves.
  const sent = claims ? `${bearer}-${Buffer.from(JSON.stringify(claims)).toString('base64url')}` : bearer
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${frontDoorUrl}/_world/id-token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: sent,
  }
}

/** GitHub's token service: a short-lived token of the job for the audience that it asks for. */
export function idTokenRoutes(world: World, subject: () => string): ControlRoutes {
  return {
    'GET /_world/id-token': ({ query, headers }) => {
      const claims = readClaims(headers.authorization ?? '', subject)
      if (claims === undefined) return { status: 401, body: { message: 'Unauthorized' } }
      if (world.faults.strike('id-token-500', '', world.faults.parameter('id-token-500') ?? 1)) {
        return { status: 500, body: { message: 'Internal Server Error' } }
      }
      return { body: { count: 1, value: writeToken(world, query.get('audience') ?? issuer, claims) } }
    },
  }
}

function readClaims(authorization: string, subject: () => string): JobClaims | undefined {
  const [, own, coded] = /^bearer (the-job-may-ask-for-identity-tokens)(?:-(.+))?$/i.exec(authorization) ?? []
  if (own === undefined) return undefined
  if (coded !== undefined) return JSON.parse(Buffer.from(coded, 'base64url').toString())
  return {
    sub: subject(),
    repository: repositorySlug(),
    repository_id: '700000001',
    ref: 'refs/heads/main',
  }
}

// The lab's STS reads form, audience and expiry of a token; nobody checks its signature.
function writeToken(world: World, audience: string, job: JobClaims): string {
  const now = Math.floor(world.clock.now() / 1000)
  const claims = {
    iss: issuer,
    aud: audience,
    ...job,
    iat: now,
    nbf: now - 300,
    exp: now + lifetimeSeconds,
  }
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  return [
    encode({ alg: 'RS256', typ: 'JWT', kid: 'lab' }),
    encode(claims),
    randomText(world.random, 64),
  ].join('.')
}
