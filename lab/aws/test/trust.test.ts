import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { openFrontDoor } from '@meridian/lab-world'
import { describe, expect, test } from 'vitest'
import { idTokenVariables } from '../sts/id-token.ts'
import { documentedTrust, type TrustParameters, type TrustPolicy, trusts } from '../sts/trust.ts'
import { openAccount } from './open-account.ts'

const repository: TrustParameters = {
  Account: '111122223333',
  Owner: 'octo-org',
  OwnerId: '123456',
  Repository: 'shop',
  RepositoryId: '456789',
  Branch: 'main',
  Environment: 'prod',
}
const old = 'repo:octo-org/shop:'
const immutable = 'repo:octo-org@123456/shop@456789:'
const aud = 'sts.amazonaws.com'

const kinds = [
  ['branch', 'ref:refs/heads/main', 'ref:refs/heads/topic'],
  ['environment', 'environment:prod', 'environment:staging'],
  ['pull-request', 'pull_request', 'ref:refs/heads/main'],
] as const

describe.each(kinds)('a role for the jobs of a %s', (kind, wanted, other) => {
  const policy = documentedTrust(kind, repository)

  test('trusts both forms of their subject', () => {
    expect([old, immutable].map(form => trusts(policy, { aud, sub: form + wanted }))).toEqual([true, true])
  })

  test('trusts no Enterprise Server, which is another provider', () => {
    const sub = old + wanted
    const iss = 'https://git.acme.example/_services/token'
    expect(trusts(policy, { iss, aud, sub })).toBe(false)
    const named = JSON.stringify(policy).replaceAll('token.actions.githubusercontent.com', iss.slice(8))
    expect(trusts(JSON.parse(named), { iss, aud, sub })).toBe(true)
  })

  test('trusts no other job of the repository, and no other repository', () => {
    const foreign = ['repo:octo-org/shop-2:', 'repo:octo-org@123456/shop@1:', 'repo:octo-org@1/shop@456789:']
    const subjects = [old + other, immutable + other, ...foreign.map(form => form + wanted)]
    expect(subjects.filter(sub => trusts(policy, { aud, sub }))).toEqual([])
  })

  test.each([
    ['aud', { aud: 'https://github.com/octo-org', sub: old + wanted }],
    ['sub', { aud, sub: old + other }],
  ])("judges by %s: without it a role would be anybody's", (claim, claims) => {
    expect(trusts(policy, claims)).toBe(false)
    expect(trusts(without(policy, claim), claims)).toBe(true)
  })
})

function without(policy: TrustPolicy, claim: string): TrustPolicy {
  const Statement = policy.Statement.map(each => ({
    ...each,
    Condition: Object.fromEntries(
      Object.entries(each.Condition).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).filter(([key]) => !key.endsWith(`:${claim}`))),
      ]),
    ),
  }))
  return { ...policy, Statement }
}

test('STS judges a token by the trust policy of the role', async () => {
  const { aws, world, sts } = await openAccount({})
  const door = await openFrontDoor(world, { aws: aws.handler, control: aws.control })
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = idTokenVariables(
    door.url,
  )
  aws.setTrust('deployer', documentedTrust('branch', repository))
  const assumeAs = async (subject: string) => {
    aws.setSubject(subject)
    const headers = { authorization: `bearer ${bearer}` }
    const answer = await fetch(`${url}&audience=sts.amazonaws.com`, { headers })
    const { value } = (await answer.json()) as { value: string }
    return sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: 'arn:aws:iam::111122223333:role/deployer',
        RoleSessionName: 'run-1',
        WebIdentityToken: value,
      }),
    )
  }

  expect(await assumeAs(`${immutable}ref:refs/heads/main`)).toHaveProperty('Credentials')
  expect(await refusalOf(assumeAs(`${immutable}environment:prod`))).toMatchObject({
    name: 'AccessDenied',
    message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
  })
  await door.close()
})
