import { join } from 'node:path'
import { messageOf, UserError } from '@meridian/runner'
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types'
import { errorCode, isAccessDenied } from '../requests/errors.ts'
import type { Sender } from '../requests/signed-request.ts'
import { askSts, takeSession } from '../requests/sts.ts'
import type { RoleJob } from './aws.ts'
import { requestGithubToken } from './github-token.ts'
import { keepFile } from './keep-file.ts'

/** Renew this long before expiry: as long as the longest single call may take, with room for clock skew. */
const marginMilliseconds = 5 * 60_000
/** GitHub's tokens live for five minutes or more; a child may read the file at any moment. */
const rewriteMilliseconds = 4 * 60_000

export type Role = { arn: string /** Milliseconds. */; sessionDuration: number; sessionName: string }

type Session = { credentials: AwsCredentialIdentity /** Milliseconds since the epoch. */; renewAt: number }

/** Credentials of a role that is assumed with this job's OIDC token, renewed before they expire. */
export function webIdentity(job: RoleJob, role: Role, sender: Sender): AwsCredentialIdentityProvider {
  return renewed(() => assume(job, role, sender))
}

/** A session that is made when it is asked for first, and made anew before it ends. */
export function renewed(make: () => Promise<AwsCredentialIdentity>): AwsCredentialIdentityProvider {
  let session: Promise<Session> | undefined
  let refused = false
  return async () => {
    const seen = session
    const known = await seen?.catch(() => undefined)
    // Of several callers that see it end at once, the first renews it for all.
    if (session === seen && (known === undefined ? !refused : Date.now() >= known.renewAt)) {
      session = make().then(schedule)
      // Asked again, AWS and GitHub would say the same: every request of the job would ask.
      session.catch(error => {
        refused = error instanceof UserError
      })
    }
    return (await (session as Promise<Session>)).credentials
  }
}

function schedule(credentials: AwsCredentialIdentity): Session {
  const end = credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY
  return { credentials, renewAt: end - Math.min(marginMilliseconds, (end - Date.now()) / 4) }
}

async function assume(job: RoleJob, role: Role, sender: Sender): Promise<AwsCredentialIdentity> {
  const token = await requestGithubToken(job)
  const asked = Date.now()
  const form = {
    RoleArn: role.arn,
    RoleSessionName: role.sessionName,
    WebIdentityToken: token,
    DurationSeconds: String(Math.floor(role.sessionDuration / 1000)),
  }
  const made = await askSts(sender, 'AssumeRoleWithWebIdentity', form).catch(error =>
    Promise.reject(explain(error, role, token)),
  )
  return takeSession(job, made, asked + role.sessionDuration)
}

const githubCom = 'https://token.actions.githubusercontent.com'

/** What a token says of itself; nothing is checked. */
function readClaims(token: string): { iss: string; sub: string; aud: string } {
  try {
    const {
      iss = githubCom,
      sub,
      aud,
    } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    return { iss: String(iss), sub: String(sub), aud: String(aud) }
  } catch {
    return { iss: githubCom, sub: 'unknown', aud: 'unknown' }
  }
}

function explain(error: unknown, role: Role, token: string): unknown {
  const code = errorCode(error)
  // github.com, each Enterprise Server and each enterprise with an issuer of its own are providers of their own to IAM.
  const { iss, sub, aud } = readClaims(token)
  const provider = iss.replace('https://', '')
  if (isAccessDenied(error)) {
    return new UserError(
      `AWS does not let this job assume ${role.arn}. Its token has the subject ${sub} and the audience ${aud}`,
      {
        fix: `The role's trust policy has to allow sts:AssumeRoleWithWebIdentity to the OIDC provider of ${provider} in this account, with ${provider}:aud ${aud} and ${provider}:sub ${sub} (or a pattern that fits it, with StringLike).`,
        input: 'role-to-assume',
        cause: error,
      },
    )
  }
  if (code === 'InvalidIdentityToken') {
    return new UserError(
      `AWS does not take the identity token of this job for ${role.arn}: ${messageOf(error)}`,
      {
        fix: `The role's account needs an IAM OIDC provider with the URL ${iss} and the audience sts.amazonaws.com, and AWS has to reach ${iss}/.well-known/openid-configuration.`,
        input: 'role-to-assume',
        cause: error,
      },
    )
  }
  if (code === 'ValidationError' && /DurationSeconds/.test(messageOf(error))) {
    return new UserError(`${role.arn} does not allow sessions of the asked length`, {
      fix: "Lower role-session-duration, or raise the role's maximum session duration.",
      input: 'role-session-duration',
      cause: error,
    })
  }
  return error
}

/**
 * Keeps a token file for children: an AWS SDK reads it again at each renewal of its own session (a file of
 * credentials it reads only once). Returns what to lay over the child's environment; static keys would win over
 * the file, so they are removed.
 */
export async function keepTokenFile(job: RoleJob, role: Role): Promise<Record<string, string | undefined>> {
  const file = join(await job.scratch(), 'web-identity-token')
  await keepFile(job, file, {
    what: 'identity token',
    make: () => requestGithubToken(job),
    every: rewriteMilliseconds,
  })
  return {
    AWS_ROLE_ARN: role.arn,
    AWS_ROLE_SESSION_NAME: role.sessionName,
    AWS_WEB_IDENTITY_TOKEN_FILE: file,
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_DEFAULT_PROFILE: undefined,
  }
}
