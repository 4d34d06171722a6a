import type { Environment, Job } from '@meridian/runner'
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types'
import type { RequestHandler } from '../requests/request-handler.ts'

/** What an SDK client is made with. */
export type AwsSettings = {
  region: string
  credentials: AwsCredentialIdentityProvider
  customUserAgent: [string, string][]
  maxAttempts?: number
  requestHandler: RequestHandler
}

/** The way to one AWS account. */
export type Aws = {
  /** The 12 digits of the account that the credentials belong to. Asked for once. */
  account(): Promise<string>
  /** ARN of the role or user that the credentials are of; a path in a role's name is known only of a given one. */
  principal(): Promise<string>
  /** The way that a role opens, which is assumed with these credentials, often in another account. Without one it is this. */
  as(role: string | undefined): Aws
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

export type RoleJob = Pick<Job, 'env' | 'signal' | 'deadline' | 'log' | 'userAgent' | 'mask' | 'scratch'>

export type AwsJob = RoleJob & { readonly action: string; readonly version: string }
