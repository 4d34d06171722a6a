import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { type Environment, UserError } from '@meridian/runner'
import type { NodeHttpHandler } from '@smithy/node-http-handler'
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types'
import type { AwsInputs } from './aws-inputs.ts'
import { explainRefusals } from './explain-refusals.ts'
import { createRequestHandler } from './request-handler.ts'
import { keepTokenFile, type Role, type RoleJob, webIdentity } from './web-identity.ts'

/** What an SDK client is made with. Without `credentials` it finds them by AWS's default chain. */
export type AwsSettings = {
  region: string
  credentials?: AwsCredentialIdentityProvider
  customUserAgent: [string, string][]
  maxAttempts?: number
  requestHandler: NodeHttpHandler
}

/** The way to one AWS account. */
export type Aws = {
  /** The 12 digits of the account that the credentials belong to. Asked for once. */
  account(): Promise<string>
  readonly userAgent: string
  readonly signal: AbortSignal
  /** The job's, whose proxies a request that is sent by hand goes through. */
  readonly env: Environment
  settings(region: string): AwsSettings
  /** Credentials for a request that is signed by hand. */
  credentials(): Promise<AwsCredentialIdentity>
  /** The endpoint that AWS's own variables set for a service (`EC2`, `S3`, …), if any. */
  endpoint(service: string): string | undefined
  /**
   * What to lay over the environment of a child that uses AWS; undefined removes a variable. With a role, the
   * child gets a token file that is kept fresh for as long as this process runs.
   */
  childEnv(): Promise<Record<string, string | undefined>>
}

export type AwsJob = RoleJob & { readonly action: string; readonly version: string }

const stsRegion = 'us-east-1'
const defaultSession = 60 * 60_000
/** The SDK gives up after three attempts by default, which a throttled account outlasts easily. */
const maxAttempts = 6

/**
 * Finds the way to AWS: the given role, assumed with this job's OIDC token, or else AWS's default chain. Makes no
 * request unless `expected-account-id` is given; then a UserError tells of the wrong account.
 */
export async function connectAws(job: AwsJob, inputs: AwsInputs): Promise<Aws> {
  const base: Omit<AwsSettings, 'region'> = {
    customUserAgent: [[`meridian-${job.action}`, job.version]],
    requestHandler: createRequestHandler(job.env, job.signal),
    ...(job.env.AWS_MAX_ATTEMPTS ? {} : { maxAttempts }),
  }
  const role = readRole(job, inputs)
  const signIn: AwsCredentialIdentityProvider | undefined =
    role && webIdentity(job, role, new STSClient({ ...base, region: stsRegion }))
  const settings = (region: string): AwsSettings => ({
    ...base,
    region,
    ...(signIn && { credentials: signIn }),
  })
  let account: Promise<string> | undefined
  let tokenFile: Promise<Record<string, string | undefined>> | undefined
  const aws: Aws = {
    account: () => {
      account ??= readAccount(aws)
      return account
    },
    userAgent: job.userAgent,
    signal: job.signal,
    env: job.env,
    settings,
    credentials: () => new STSClient(settings(stsRegion)).config.credentials(),
    endpoint: service => job.env[`AWS_ENDPOINT_URL_${service}`] || job.env.AWS_ENDPOINT_URL || undefined,
    childEnv: async () => {
      if (!role) return {}
      tokenFile ??= keepTokenFile(job, role)
      return tokenFile
    },
  }
  if (inputs.expectedAccountId !== undefined) await checkAccount(aws, inputs.expectedAccountId)
  return aws
}

function readRole(job: AwsJob, inputs: AwsInputs): Role | undefined {
  if (inputs.roleToAssume === undefined) return undefined
  return {
    arn: inputs.roleToAssume,
    sessionDuration: inputs.roleSessionDuration ?? defaultSession,
    sessionName: `meridian-${job.action}-${job.env.GITHUB_RUN_ID ?? 'local'}`.slice(0, 64),
  }
}

async function readAccount(aws: Aws): Promise<string> {
  const client = explainRefusals('sts', new STSClient(aws.settings(stsRegion)))
  const { Account } = await client.send(new GetCallerIdentityCommand({}))
  if (Account === undefined) throw new Error('STS names no account for these credentials')
  return Account
}

async function checkAccount(aws: Aws, expected: string): Promise<void> {
  const found = await aws.account()
  if (found === expected) return
  throw new UserError(
    `the AWS credentials belong to account ${found}, but expected-account-id is ${expected}`,
    {
      fix: 'Use the credentials or the role of the expected account. Nothing has been changed.',
      input: 'expected-account-id',
    },
  )
}
