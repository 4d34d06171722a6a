import { fromEnv } from '@aws-sdk/credential-provider-env'
import { type Environment, UserError } from '@meridian/runner'
import type { AwsCredentialIdentityProvider } from '@smithy/types'
import { explainAws } from '../requests/errors.ts'
import { textOf } from '../requests/query-api.ts'
import { createRequestHandler } from '../requests/request-handler.ts'
import type { Sender } from '../requests/signed-request.ts'
import { askSts, stsRegion } from '../requests/sts.ts'
import { assumeRole, principalOf } from './assume-role.ts'
import type { Aws, AwsJob, AwsSettings } from './aws.ts'
import type { AwsInputs } from './aws-inputs.ts'
import { configuredEndpoint, readSharedConfig, type SharedConfig } from './shared-config.ts'
import { keepTokenFile, type Role, renewed, webIdentity } from './web-identity.ts'

const defaultSession = 60 * 60_000
/** The SDK gives up after three attempts by default, which a throttled account outlasts easily. */
const maxAttempts = 6

/**
 * Finds the way to AWS: the given role, assumed with this job's OIDC token, or else AWS's default chain. Makes no
 * request unless `expected-account-id` is given; then a UserError tells of the wrong account.
 */
export async function connectAws(job: AwsJob, inputs: AwsInputs): Promise<Aws> {
  const base: Base = {
    customUserAgent: [[`meridian-${job.action}`, job.version]],
    requestHandler: createRequestHandler(job.env, job.signal),
    ...(job.env.AWS_MAX_ATTEMPTS ? {} : { maxAttempts }),
  }
  const config = await readSharedConfig(job.env)
  refuseFips(job.env, config)
  const sender = senderOf(job, config)
  const role = readRole(job, inputs)
  if (role === undefined) refuseTwoSources(job.env)
  const aws = openAccount(job, base, sender, {
    role: role?.arn,
    signIn: role ? webIdentity(job, role, sender) : defaultChain(base),
    childEnv: async () => (role ? keepTokenFile(job, role) : {}),
  })
  if (inputs.expectedAccountId !== undefined) await checkAccount(aws, inputs.expectedAccountId)
  return aws
}

/**
 * Throws a UserError where AWS's libraries for JavaScript and Go would choose differently, so that an action and the
 * kops that it starts could work in two accounts: only the former takes a profile before the environment's own
 * credentials, only the latter reads AWS_DEFAULT_PROFILE.
 */
function refuseTwoSources(env: Environment): void {
  const own = ['AWS_ACCESS_KEY_ID', 'AWS_WEB_IDENTITY_TOKEN_FILE'].find(name => env[name])
  if (env.AWS_PROFILE && own)
    throw new UserError(`AWS_PROFILE and ${own} are both set, and may mean two accounts`, {
      fix: `Keep one of them: programs differ in which one they use. \`env: {AWS_PROFILE: ''}\` at the step takes the profile away.`,
    })
  if (env.AWS_DEFAULT_PROFILE && !env.AWS_PROFILE && !own)
    throw new UserError('AWS_DEFAULT_PROFILE is set, which kops reads and this action does not', {
      fix: 'Name the profile in AWS_PROFILE.',
    })
}

/** The SDK's clients would heed it, and the requests that no client of it makes would not: half of the work is not enough. */
function refuseFips({ AWS_USE_FIPS_ENDPOINT: wanted }: Environment, { profile }: SharedConfig): void {
  if ((wanted || profile.use_fips_endpoint)?.toLowerCase() !== 'true') return
  throw new UserError(
    `${wanted ? 'AWS_USE_FIPS_ENDPOINT' : "use_fips_endpoint of AWS's config file"} is set, and not all services that are asked here have such an endpoint`,
    {
      fix: "Where AWS's usual endpoints are allowed too, take it away: `env: {AWS_USE_FIPS_ENDPOINT: 'false'}` at the step.",
    },
  )
}

type Base = Omit<AwsSettings, 'region' | 'credentials'>

/**
 * AWS's default chain, whose own requests go the way that all others go. It begins with keys in the environment, unless a
 * profile is named: where they are, nothing else of it is loaded.
 */
function defaultChain(base: Base): AwsCredentialIdentityProvider {
  const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env
  if (!AWS_PROFILE && AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY) return fromEnv()
  const config = { ...base, region: async () => stsRegion }
  let loading: Promise<AwsCredentialIdentityProvider> | undefined
  return async () => {
    loading ??= import('@aws-sdk/credential-provider-node').then(({ defaultProvider }) => {
      const chain = defaultProvider({ parentClientConfig: config })
      return () => chain({ callerClientConfig: config })
    })
    return (await loading)()
  }
}

type Entry = {
  readonly role: string | undefined
  readonly signIn: AwsCredentialIdentityProvider
  readonly childEnv: Aws['childEnv']
}

function senderOf({ userAgent, signal, env }: AwsJob, config: SharedConfig): Sender {
  return { userAgent, signal, env, endpoint: service => configuredEndpoint(env, config, service) }
}

function openAccount(job: AwsJob, base: Base, bare: Sender, { role, signIn, childEnv }: Entry): Aws {
  const sender = { ...bare, credentials: signIn }
  const roles = new Map<string, Aws>()
  let caller: Promise<Caller> | undefined
  let laidOver: Promise<Record<string, string | undefined>> | undefined
  const readOnce = () => {
    caller ??= readCaller(sender)
    return caller
  }
  const aws: Aws = {
    ...sender,
    account: async () => (await readOnce()).account,
    principal: async () => role ?? principalOf((await readOnce()).arn),
    as(other) {
      if (other === undefined) return aws
      const known = roles.get(other) ?? openAccount(job, base, bare, assumedEntry(job, other, sender))
      roles.set(other, known)
      return known
    },
    settings: region => ({ ...base, region, credentials: signIn }),
    childEnv: () => {
      laidOver ??= childEnv()
      return laidOver
    },
  }
  return aws
}

/** A session of its own for a role, by the credentials of `sender`. A child gets its keys, which it cannot renew. */
function assumedEntry(job: AwsJob, role: string, sender: Sender): Entry {
  const sessionName = nameSession(job)
  const signIn = renewed(() => assumeRole(job, { arn: role, sessionName }, sender))
  const childEnv = async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = await signIn()
    return {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_PROFILE: undefined,
      AWS_DEFAULT_PROFILE: undefined,
    }
  }
  return { role, signIn, childEnv }
}

function readRole(job: AwsJob, inputs: AwsInputs): Role | undefined {
  if (inputs.roleToAssume === undefined) return undefined
  return {
    arn: inputs.roleToAssume,
    sessionDuration: inputs.roleSessionDuration ?? defaultSession,
    sessionName: nameSession(job),
  }
}

function nameSession({ action, env }: AwsJob): string {
  return `meridian-${action}-${env.GITHUB_RUN_ID ?? 'local'}`.slice(0, 64)
}

type Caller = { readonly account: string; readonly arn: string }

async function readCaller(sender: Sender): Promise<Caller> {
  const operation = 'GetCallerIdentity'
  const caller = await askSts(sender, operation).catch(error => {
    throw explainAws(error, `sts ${operation}`, `sts:${operation}`) ?? error
  })
  const account = textOf(caller, 'Account')
  if (account === '') throw new Error('STS names no account for these credentials')
  return { account, arn: textOf(caller, 'Arn') }
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
