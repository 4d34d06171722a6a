import { readFile } from 'node:fs/promises'
import type { Environment } from './command.ts'
import { sendRequest } from './send-request.ts'
import { ToolError } from './terminal.ts'

export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
/** The credentials to sign the next request with. */
export type CredentialSource = () => Promise<Credentials>

/** The SDK renews a session that has less than this left. */
const margin = 5 * 60_000

/**
 * The first of AWS's default chain that the environment offers: static keys, else a web identity token file
 * that is read and exchanged for a role's session, again when the session is about to end. The source throws
 * `ToolError` in the SDK's words if there is neither.
 */
export function credentialSource(env: Environment, endpoint: string): CredentialSource {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  const { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: file } = env
  const sessionToken = env.AWS_SESSION_TOKEN
  let session: Promise<Session> | undefined
  return async () => {
    if (accessKeyId && secretAccessKey) {
      return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
    }
    if (!role || !file) {
      throw new ToolError(
        'get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found',
      )
    }
    if (!session || (await session).endsAt - Date.now() < margin) {
      session = readFile(file, 'utf8').then(token => assumeRole(endpoint, role, token))
    }
    return session
  }
}

type Session = Credentials & { endsAt: number }

async function assumeRole(endpoint: string, role: string, token: string): Promise<Session> {
  const response = await sendRequest(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: role,
      RoleSessionName: 'kops',
      WebIdentityToken: token.trim(),
    }).toString(),
  })
  const text = await response.text()
  const field = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? ''
  if (!response.ok) {
    throw new ToolError(
      `operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: ${response.status}, api error ${field('Code')}: ${field('Message')}`,
    )
  }
  return {
    accessKeyId: field('AccessKeyId'),
    secretAccessKey: field('SecretAccessKey'),
    sessionToken: field('SessionToken'),
    endsAt: Date.parse(field('Expiration')),
  }
}
