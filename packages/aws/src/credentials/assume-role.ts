import { messageOf, UserError } from '@meridian/runner'
import type { AwsCredentialIdentity } from '@smithy/types'
import { isAccessDenied } from '../requests/errors.ts'
import type { Sender } from '../requests/signed-request.ts'
import { askSts, takeSession } from '../requests/sts.ts'
import type { RoleJob } from './aws.ts'
import type { Role } from './web-identity.ts'

/** The longest session that STS gives to who is a role already; milliseconds. */
const sessionDuration = 3_600_000

/** One session of a role that the credentials of `sender` may assume. Throws a UserError where they may not. */
export async function assumeRole(
  job: Pick<RoleJob, 'mask'>,
  { arn, sessionName }: Pick<Role, 'arn' | 'sessionName'>,
  sender: Sender,
): Promise<AwsCredentialIdentity> {
  const asked = Date.now()
  const form = { RoleArn: arn, RoleSessionName: sessionName }
  const made = await askSts(sender, 'AssumeRole', form).catch(error => {
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
