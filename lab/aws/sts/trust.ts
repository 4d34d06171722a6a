import { readFileSync } from 'node:fs'
import type { Context } from '@meridian/lab-aws-protocol'
import { holds } from '../access/conditions.ts'
import type { Condition } from '../access/policy.ts'

/** Whom a role trusts: a policy with statements about GitHub's tokens. */
export type TrustPolicy = {
  Version: '2012-10-17'
  Statement: { Effect: 'Allow'; Principal: { Federated: string }; Action: string; Condition: Condition }[]
}

export type Claims = Readonly<Record<string, unknown>>

const githubCom = 'https://token.actions.githubusercontent.com'

/**
 * Whether a role may be assumed with a token of GitHub's: AWS looks at its issuer, subject and audience. Each Enterprise
 * Server is an issuer of its own.
 */
export function trusts({ Statement }: TrustPolicy, claims: Claims): boolean {
  const issuer = String(claims.iss ?? githubCom).replace('https://', '')
  const context: Context = Object.fromEntries(
    ['sub', 'aud'].flatMap(claim =>
      claims[claim] === undefined ? [] : [[`${issuer}:${claim}`, [String(claims[claim])]]],
    ),
  )
  return Statement.some(
    ({ Action, Principal, Condition }) =>
      Action === 'sts:AssumeRoleWithWebIdentity' &&
      Principal.Federated.endsWith(`:oidc-provider/${issuer}`) &&
      Object.entries(Condition).every(([operator, keys]) => holds(operator, keys, context)),
  )
}

/** What a trust policy of the documentation leaves open. */
export type TrustParameters = {
  Account: string
  Owner: string
  OwnerId: string
  Repository: string
  RepositoryId: string
  Branch?: string
  Environment?: string
}

/** A trust policy of the documentation, for what a job runs for. Throws for a parameter that is not given. */
export function documentedTrust(
  kind: 'branch' | 'environment' | 'pull-request',
  parameters: TrustParameters,
): TrustPolicy {
  const file = new URL(`../../../docs/iam/trust/${kind}.json`, import.meta.url)
  const values = parameters as Record<string, string | undefined>
  const text = readFileSync(file, 'utf8').replace(/\$\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`the trust policy ${kind} needs ${whole}`)
    return value
  })
  return JSON.parse(text) as TrustPolicy
}
