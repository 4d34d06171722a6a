import { optional, type Parser, parseDuration, roleArn } from '@meridian/runner'

/** What every action that talks to AWS takes to find and check its credentials. */
export type AwsInputs = {
  readonly roleToAssume?: string | undefined
  /** Milliseconds. */
  readonly roleSessionDuration?: number | undefined
  readonly expectedAccountId?: string | undefined
}

/** STS takes 15 minutes to 12 hours, and no more than the role's own maximum. */
const sessionDuration: Parser<number> = raw => {
  const milliseconds = parseDuration(raw)
  if (milliseconds < 900_000 || milliseconds > 43_200_000) throw new Error('must be from 15m to 12h')
  return milliseconds
}

/** The 12 digits of an AWS account, which GitHub takes for a number where a workflow does not quote them. */
export const accountId: Parser<string> = raw => {
  if (/^\d{12}$/.test(raw)) return raw
  const quoted = `; GitHub drops leading zeros of a number, so write it in quotes: '${raw.padStart(12, '0')}'`
  throw new Error(`must be the 12 digits of an AWS account${/^\d{9,11}$/.test(raw) ? quoted : ''}`)
}

/** The fragment of an action's inputs about AWS, to be spread into `defineInputs`. */
export const awsInputs = {
  'role-to-assume': optional(roleArn),
  'role-session-duration': optional(sessionDuration),
  'expected-account-id': optional(accountId),
}
