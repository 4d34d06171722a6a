import { type ControlRoutes, randomText, type World } from '../../world/index.ts'

const issuer = 'https://token.actions.githubusercontent.com'
const lifetimeSeconds = 300
const bearer = 'the-job-may-ask-for-identity-tokens'

/** What a job with `permissions: id-token: write` has in its environment. */
export function idTokenVariables(frontDoorUrl: string): Record<string, string> {
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${frontDoorUrl}/_world/id-token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
  }
}

/** GitHub's token service: a short-lived token of the job for the audience that it asks for. */
export function idTokenRoutes(world: World, subject: () => string): ControlRoutes {
  return {
    'GET /_world/id-token': ({ query, headers }) => {
      if (headers.authorization?.toLowerCase() !== `bearer ${bearer}`) {
        return { status: 401, body: { message: 'Unauthorized' } }
      }
      if (world.faults.strike('id-token-500', '', world.faults.parameter('id-token-500') ?? 1)) {
        return { status: 500, body: { message: 'Internal Server Error' } }
      }
      return { body: { count: 1, value: writeToken(world, query.get('audience') ?? issuer, subject()) } }
    },
  }
}

// The lab's STS reads form, audience and expiry of a token; nobody checks its signature.
function writeToken(world: World, audience: string, sub: string): string {
  const now = Math.floor(world.clock.now() / 1000)
  const claims = {
    iss: issuer,
    aud: audience,
    sub,
    repository: 'meridian-actions/meridian',
    repository_id: '700000001',
    ref: 'refs/heads/main',
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
