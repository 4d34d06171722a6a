import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { documentedBoundary, documentedPolicies, type TrustPolicy, trusts } from '@meridian/lab-aws'
import { describe, expect, test } from 'vitest'
import { repository } from '../action-files.ts'
import { renderTemplate } from './cloudformation.ts'
import { checkFormat, evaluateModule, hasTerraform } from './terraform.ts'
import { type Caller, type SubjectForm, subjectOf, tokensOf } from './workflow-tokens.ts'

const shop: Caller = { owner: 'acme', ownerId: '1001', repository: 'shop', repositoryId: '7007' }
const forms: SubjectForm[] = ['names', 'ids']

/** Whom a role trusts, and what it may do. */
type Wish = {
  branch?: string
  environment?: string
  pullRequests?: boolean
  scope?: 'everything' | 'deploy' | 'dns'
  bucket?: string
  path?: string
  key?: string
}
type Role = { trust: TrustPolicy; policies: Record<string, unknown>; boundary?: unknown }

const template = readFileSync(join(repository, 'infra/cloudformation.yaml'), 'utf8')
const resourceName = (name: string) => name.replace(/(^|-)(\w)/g, (_, _dash, letter) => letter.toUpperCase())

const given = {
  Owner: shop.owner,
  OwnerId: shop.ownerId,
  Repository: shop.repository,
  RepositoryId: shop.repositoryId,
  Domain: 'k8s.example.com',
  HostedZone: 'Z0123456789',
  StateBucket: '*.k8s.example.com-state',
}

function byCloudFormation(wish: Wish, more: Record<string, string> = {}): Role {
  const { resources } = renderTemplate(template, {
    ...given,
    Branch: wish.branch ?? 'main',
    Environment: wish.environment ?? '',
    PullRequests: String(wish.pullRequests ?? false),
    Scope: wish.scope ?? 'everything',
    ...(wish.bucket !== undefined && { StateBucket: wish.bucket }),
    StatePath: wish.path ?? '',
    StateKey: wish.key ?? 'none',
    ...more,
  })
  const documents = Object.entries(resources).flatMap(([name, { Type, Properties }]) =>
    Type === 'AWS::IAM::ManagedPolicy' ? [[name, Properties.PolicyDocument]] : [],
  )
  const { Boundary: boundary, ...policies } = Object.fromEntries(documents)
  return { trust: resources.Role?.Properties.AssumeRolePolicyDocument as Role['trust'], policies, boundary }
}

function byTerraform(wish: Wish): Role {
  const { branch = 'main' } = wish
  const { trust, policies, boundary } = evaluateModule({
    account: '111122223333',
    partition: 'aws',
    owner: shop.owner,
    owner_id: shop.ownerId,
    repository: shop.repository,
    repository_id: shop.repositoryId,
    branches: branch === '' ? [] : [branch],
    environments: wish.environment === undefined ? [] : [wish.environment],
    pull_requests: wish.pullRequests ?? false,
    scope: wish.scope ?? 'everything',
    domain: 'k8s.example.com',
    hosted_zone: 'Z0123456789',
    state_bucket: wish.bucket ?? null,
    state_path: wish.path ?? '',
    state_key: wish.key ?? 'none',
    boundary: 'meridian-machines',
  })
  const named = Object.entries(policies).map(([name, document]) => [resourceName(name), document])
  return { trust: trust as Role['trust'], policies: Object.fromEntries(named), boundary }
}

const aud = 'sts.amazonaws.com'
const assumedBy = ({ trust }: Role, sub: string) => trusts(trust, { sub, aud })

/** The lab holds a program to all its files at once: what counts is what they say together. */
function statementsOf(policies: Readonly<Record<string, unknown>>): unknown[] {
  type Allowed = { Sid: string; Action: string[]; Resource: string[] }
  const key = ({ Sid, Action, Resource }: Allowed) => JSON.stringify([Sid, Action, Resource])
  return (Object.values(policies) as { Statement: Allowed[] }[])
    .flatMap(({ Statement }) => Statement)
    .sort((one, other) => (key(one) < key(other) ? -1 : 1))
}

/** The workflows, each with the role that getting-started has it assume. */
const workflows: [path: string, wish: Wish][] = [
  ['.github/workflows/up.yml', {}],
  ['.github/workflows/down.yml', {}],
  ['.github/workflows/reap.yml', {}],
  ['.github/workflows/upgrade.yml', {}],
  ['examples/workflows/destroy.yml', {}],
  ['examples/workflows/upgrade.yml', {}],
  ['examples/workflows/reap.yml', {}],
  ['examples/workflows/deploy.yml', { scope: 'deploy', pullRequests: true }],
  ['examples/workflows/deploy-chart.yml', { scope: 'deploy' }],
  ['examples/workflows/take-region-out.yml', { scope: 'deploy' }],
  ['examples/workflows/latency-dns.yml', { scope: 'dns', environment: 'dns' }],
]

const makers: [name: string, make: (wish: Wish) => Role, found: boolean][] = [
  ['CloudFormation', byCloudFormation, true],
  ['Terraform', byTerraform, hasTerraform],
]

describe.each(makers)('a role made by %s', (_name, make, found) => {
  const tried = found ? test : test.skip
  if (!found) test.skip('skipped: terraform not found')

  tried.each(workflows)('is assumed by every job of %s, in both forms of subject', (path, wish) => {
    const role = make(wish)
    const tokens = forms.flatMap(form => tokensOf(path, shop, form))
    expect(tokens.length).toBeGreaterThan(0)
    expect(tokens.filter(({ subject }) => !assumedBy(role, subject))).toEqual([])
  })

  tried('is assumed by nobody else', () => {
    const role = make({})
    const main = { event: 'push' }
    const strangers: Caller[] = [
      { ...shop, repository: 'other' },
      { ...shop, owner: 'acme2' },
      // Somebody who has taken the name after it was given up, where GitHub sends ids.
      { ...shop, ownerId: '2002' },
      { ...shop, repositoryId: '8008' },
    ]
    const refused = [
      subjectOf(shop, 'names', { event: 'push', branch: 'mainly' }),
      subjectOf(shop, 'ids', { event: 'push', branch: 'feature/x' }),
      ...forms.map(form => subjectOf(shop, form, { event: 'pull_request' })),
      ...forms.map(form => subjectOf(shop, form, { event: 'push', environment: 'main' })),
      ...strangers.slice(0, 2).map(caller => subjectOf(caller, 'names', main)),
      ...strangers.map(caller => subjectOf(caller, 'ids', main)),
    ]
    expect(refused.filter(subject => assumedBy(role, subject))).toEqual([])
    const other = { sub: subjectOf(shop, 'ids', main), aud: 'https://github.com/acme' }
    expect(trusts(role.trust, other)).toBe(false)
  })

  tried('trusts pull requests or an environment without any branch', () => {
    const role = make({ branch: '', pullRequests: true, environment: 'production' })
    const asked = [
      { event: 'push' },
      { event: 'pull_request' },
      { event: 'push', environment: 'production' },
      { event: 'push', environment: 'staging' },
    ]
    for (const form of forms)
      expect(asked.map(job => assumedBy(role, subjectOf(shop, form, job)))).toEqual([
        false,
        true,
        true,
        false,
      ])
  })

  tried('has a trust that fits into the quota of 2048 characters', () => {
    const { trust } = make({ environment: 'production', pullRequests: true })
    expect(JSON.stringify(trust).length).toBeLessThanOrEqual(2048)
    const sids = trust.Statement.map(statement => 'Sid' in statement && statement.Sid)
    expect(new Set(sids).size).toBe(sids.length)
  })

  const key = 'mrk-1234abcd12ab34cd56ef1234567890ab'
  const stores: [what: string, wish: Wish, StateBucket: string, StatePath: string][] = [
    ['a bucket for each cluster', {}, '*.k8s.example.com-state', ''],
    ['a bucket for each cluster, with a key', { key }, '*.k8s.example.com-state', ''],
    ['a store that many share', { bucket: 'platform', path: 'kops/' }, 'platform', 'kops/'],
  ]
  tried.each(stores)(
    'with %s may do what docs/iam says, within the same boundary',
    (_, wish, StateBucket, StatePath) => {
      const values = {
        Domain: 'k8s.example.com',
        HostedZone: 'Z0123456789',
        StateBucket,
        StatePath,
        StateKey: wish.key ?? 'none',
      }
      const { policies, boundary } = make(wish)
      expect(statementsOf(policies)).toEqual(statementsOf(documentedPolicies(values)))
      expect(boundary).toEqual(documentedBoundary(values))
    },
  )

  tried('may do less where it builds no clusters', () => {
    expect(Object.keys(make({ scope: 'deploy' }).policies)).toEqual(['DeployFederatedApp', 'LatencyDns'])
    expect(Object.keys(make({ scope: 'dns' }).policies)).toEqual(['LatencyDns'])
  })
})

describe('the template of CloudFormation', () => {
  test('may leave the identity provider to the one that is there', () => {
    const providers = (Provider: string) =>
      byCloudFormation({}, { Provider }).trust.Statement.map(({ Principal }) => Principal.Federated)
    const made = (Provider: string) =>
      Object.values(renderTemplate(template, { ...given, Provider }).resources).map(({ Type }) => Type)
    expect(providers('exists')).toEqual(providers('create'))
    expect(['create', 'exists'].map(way => made(way).includes('AWS::IAM::OIDCProvider'))).toEqual([
      true,
      false,
    ])
  })

  test.each([
    ['Branch', '*'],
    ['Environment', 'prod*'],
    ['Owner', 'acme/shop'],
    ['StatePath', 'kops'],
    ['StateKey', 'alias/state'],
    ['Domain', 'com'],
  ])('refuses %s %s', (name, value) =>
    expect(() => byCloudFormation({}, { [name]: value })).toThrow(`Parameter '${name}'`),
  )

  test('is within what the API takes as text', () => expect(Buffer.byteLength(template)).toBeLessThan(51_200))
})

const withTerraform = hasTerraform ? test : test.skip
withTerraform('the module of Terraform is formatted', () => expect(checkFormat()).toBe(''))
