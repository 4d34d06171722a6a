import { expect, test } from 'vitest'
import { groupEnvironments, type MarkedBucket } from '../src/environment.ts'
import { bornAt, judgeEnvironment, type PullRequestState, pullRequestOf } from '../src/judge-environment.ts'
import { describeCandidate, renderReaping } from '../src/reap-summary.ts'

const now = Date.parse('2026-11-26T12:00:00Z')
const bucket = (
  tags: Record<string, string> = {},
  name = 'usa.pr-1.k8s.example.com-state',
): MarkedBucket => ({
  name,
  region: 'us-east-1',
  tags: { 'meridian:environment': 'pr-1', ...tags },
  clusters: [name.replace(/-state$/, '')],
})
const environment = (...buckets: MarkedBucket[]) => ({
  identity: { domain: 'k8s.example.com' },
  clusters: [],
  buckets,
})
const past = { 'meridian:expires-at': '2026-11-26T11:00:00Z' }
const future = { 'meridian:expires-at': '2026-11-26T14:00:00Z' }
const protect = { 'meridian:protect': 'true' }

test.each<[string, Record<string, string>[], PullRequestState | undefined, boolean, string]>([
  ['expired', [past], undefined, true, 'it expired 1h ago'],
  ['of which one cluster lives longer', [past, future], undefined, false, 'it expires in 2h'],
  ['of which one cluster has no end', [past, {}], undefined, false, 'it has no expiry'],
  ['without end', [{}], undefined, false, 'it has no expiry'],
  ['whose pull request is closed', [future], 'closed', true, 'its pull request is closed'],
  ['whose pull request is open', [{}], 'open', false, 'its pull request is open'],
  ['that has expired before its pull request is closed', [past], 'open', true, 'it expired 1h ago'],
  [
    'whose pull request is not known',
    [{}],
    { unknown: '404' },
    false,
    'its pull request could not be asked for: 404',
  ],
  ['that has expired, its pull request not known', [past], { unknown: '404' }, true, 'it expired 1h ago'],
  ['protected', [{ ...past, ...protect }], 'closed', false, 'it is protected by the tag meridian:protect'],
  [
    'that is no longer protected',
    [{ ...past, 'meridian:protect': 'false' }],
    undefined,
    true,
    'it expired 1h ago',
  ],
  [
    'with an unreadable end',
    [{ 'meridian:expires-at': 'soon' }],
    undefined,
    false,
    'its expiry cannot be read: soon',
  ],
])('an environment %s', (_, tags, pullRequest, due, reason) => {
  expect(judgeEnvironment(environment(...tags.map(one => bucket(one))), now, pullRequest)).toMatchObject({
    due,
    reason,
  })
})

test('buckets come together by environment and domain, and those of other domains stay out', () => {
  const { environments, unreadable } = groupEnvironments(
    [
      bucket(),
      bucket({}, 'eur.pr-1.k8s.example.com-state'),
      bucket({ 'meridian:environment': 'default' }, 'usa.dev.k8s.example.com-state'),
      bucket({}, 'usa.pr-1.example.org-state'),
      bucket({ 'meridian:environment': 'pr-2' }, 'usa.pr-1.k8s.example.com-state'),
    ],
    'k8s.example.com',
  )
  expect(environments.map(({ identity, clusters }) => [identity, clusters.map(({ name }) => name)])).toEqual([
    [{ environment: 'pr-1', domain: 'k8s.example.com' }, ['usa', 'eur']],
    [{ environment: undefined, domain: 'dev.k8s.example.com' }, ['usa']],
  ])
  expect(unreadable.map(({ tags }) => tags['meridian:environment'])).toEqual(['pr-2'])
})

test('a bucket of any name keeps its clusters', () => {
  const shared = {
    ...bucket({}, 'kops-state'),
    clusters: ['usa.pr-1.k8s.example.com', 'eur.pr-1.k8s.example.com'],
  }
  const { environments } = groupEnvironments([shared], 'k8s.example.com')
  expect(environments[0]?.clusters).toMatchObject([
    { name: 'usa', region: 'us-east-1', stateStore: 's3://kops-state' },
    { name: 'eur', stateStore: 's3://kops-state' },
  ])
  expect(environments[0]?.buckets).toHaveLength(1)
})

test('a pull request counts only if all buckets name the same one', () => {
  const of = (number: string) => bucket({ 'meridian:owner': 'o/r', 'meridian:pull-request': number })
  expect(pullRequestOf(environment(of('7'), of('7')))).toEqual({ repository: 'o/r', number: '7' })
  expect(pullRequestOf(environment(of('7'), of('8')))).toBeUndefined()
  expect(pullRequestOf(environment(bucket()))).toBeUndefined()
})

test('an environment is as old as its first bucket', () => {
  const of = (at: string) => bucket({ 'meridian:created-at': at })
  expect(bornAt(environment(of('2026-11-26T11:00:00Z'), of('2026-11-26T09:00:00Z')))).toBe(
    now - 3 * 3_600_000,
  )
  expect(bornAt(environment(bucket()))).toBeUndefined()
})

test('the list shows age, price and reason, and what is saved', () => {
  const born = bucket({ 'meridian:created-at': '2026-11-26T09:00:00Z' })
  const one = {
    environment: {
      ...environment(born),
      ...groupEnvironments([born], 'k8s.example.com').environments[0],
    },
    verdict: { due: true, reason: 'it expired 1h ago' },
    hourlyCost: 0.1,
  }
  expect(describeCandidate(one, now)).toBe(
    'pr-1.k8s.example.com (usa; 3h old; $0.1000 per hour) goes: it expired 1h ago',
  )
  const facts = { candidates: [one], orphans: [], dryRun: true, problems: [] }
  expect(renderReaping(facts, now)).toContain('1 of 1 environments would go ($0.1000 per hour)')
  expect(renderReaping({ ...facts, dryRun: false, problems: ['x'] }, now)).toContain('❌')
})
