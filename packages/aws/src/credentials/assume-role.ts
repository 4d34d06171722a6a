import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts'
import { messageOf, UserError } from '@meridian/runner'
import type { AwsCredentialIdentity } from '@smithy/types'
import { isAccessDenied } from '../requests/errors.ts'
import { type Role, type RoleJob, takeSession } from './web-identity.ts'

/** The longest session that STS gives to who is a role already; milliseconds. */
const sessionDuration = 3_600_000

/** One session of a role that the credentials of `client` may assume. Throws a UserError where they may not. */
export async function assumeRole(
  job: Pick<RoleJob, 'mask'>,
  { arn, sessionName }: Pick<Role, 'arn' | 'sessionName'>,
  client: STSClient,
): Promise<AwsCredentialIdentity> {
  const asked = Date.now()
  const command = new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: sessionName })
  const { Credentials: made } = await client.send(command).catch(error => {
    if (!isAccessDenied(error)) throw error
    throw new UserError(`AWS does not let this run assume ${arn}: ${messageOf(error)}`, {
      fix: "The trust policy of that role has to allow sts:AssumeRole to the run's own role, and where it is in another account, the policy of the run's own role has to allow sts:AssumeRole on it (docs/eks.md).",
      input: 'clusters',
      cause: error,
    })
  })
  return takeSession(job, made, asked + sessionDuration)
}

/** The role or user behind the ARN of a caller, as access is granted to it: `assumed-role/deploy/session` is of `role/deploy`. */
export function principalOf(arn: string): string {
  return arn.replace(/:sts:(.*):assumed-role\/([^/]+)\/.*$/, ':iam:$1:role/$2')
}
