import { readFile } from 'node:fs/promises'
import type { Environment } from './command-line.ts'
import { ToolError } from './terminal.ts'

export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

/**
 * The first of AWS's default chain that the environment offers: static keys, else a web identity token file
 * that is exchanged for a role's session. Throws `ToolError` in the SDK's words if there is neither.
 */
export async function findCredentials(env: Environment, endpoint: string): Promise<Credentials> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (accessKeyId && secretAccessKey) {
    return {
      accessKeyId,
      secretAccessKey,
      ...(env.AWS_SESSION_TOKEN && { sessionToken: env.AWS_SESSION_TOKEN }),
    }
  }
  const { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: file } = env
  if (role && file) return assumeRole(endpoint, role, await readFile(file, 'utf8'))
  throw new ToolError(
    'get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found',
  )
}

async function assumeRole(endpoint: string, role: string, token: string): Promise<Credentials> {
  const response = await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: role,
      RoleSessionName: 'kops',
      WebIdentityToken: token.trim(),
    }),
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
  }
}
