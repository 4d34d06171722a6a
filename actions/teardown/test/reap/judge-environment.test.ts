import type { Repository } from '@meridian/identity'
import { describe, expect, test } from 'vitest'
import { aliasOf, completeMark, type FoundClaim } from '../../src/reap/claims.ts'
import type { Environment } from '../../src/reap/environments.ts'
import {
  bornAt,
  judgeEnvironment,
  nameOfToday,
  type PullRequestState,
  pullRequestOf,
} from '../../src/reap/judge-environment.ts'
import { repository } from '../lab-environment.ts'
import { claim, domain, future, now, past, sort } from './some-claims.ts'

const nameAll = ({ environments }: { environments: readonly Environment[] }) =>
  environments.map(({ identity, clusters }) => [
    `${identity.environment ?? '-'} ${identity.domain}`,
    clusters.map(({ name }) => name),
  ])

describe('an environment goes or stays', () => {
  type Case = [string, FoundClaim[], (PullRequestState | undefined)[], boolean, string]
  test.each<Case>([
    ['expired', [claim(past)], [], true, 'it expired 1h ago'],
    [
      'of which one cluster lives longer',
      [claim(past), claim({ ...future, cluster: 'eur.pr-1.k8s.example.com' })],
      [],
      false,
      'of eur.pr-1.k8s.example.com: it expires in 2h',
    ],
    [
      'of which one has no end',
      [claim(), claim(past)],
      [],
      false,
      'of usa.pr-1.k8s.example.com: it has no expiry',
    ],
    ['without end', [claim()], [], false, 'it has no expiry'],
    ['whose pull request is closed', [claim(future)], ['closed'], true, 'its pull request is closed'],
    ['whose pull request is open', [claim()], ['open'], false, 'its pull request is open'],
    ['that expired before its pull request was closed', [claim(past)], ['open'], true, 'it expired 1h ago'],
    [
      'of two pull requests, one of which is open',
      [claim(), claim({ cluster: 'eur.pr-1.k8s.example.com' })],
      ['closed', 'open'],
      false,
      'of eur.pr-1.k8s.example.com: its pull request is open',
    ],
    [
      'whose pull request is not known',
      [claim()],
      [{ unknown: '404' }],
      false,
      'its pull request could not be asked for: 404',
    ],
    [
      'that expired, its pull request not known',
      [claim(past)],
      [{ unknown: '404' }],
      true,
      'it expired 1h ago',
    ],
    [
      'protected',
      [claim({ ...past, isProtected: true })],
      ['closed'],
      false,
      'it is protected by the tag meridian:protect',
    ],
    ['with an unreadable end', [claim({ expiresAt: 'soon' })], [], false, 'its expiry cannot be read: soon'],
    ['without claims', [], [], false, ''],
  ])('one %s', (_, claims, states, due, reason) => {
    expect(judgeEnvironment({ claims, doubts: [] }, now, states)).toMatchObject({ due, reason })
  })

  test('what could not be read keeps it, and is for its owner to look at', () => {
    const verdict = judgeEnvironment({ claims: [claim(past)], doubts: ['A claim is damaged'] }, now, [
      'closed',
    ])
    expect(verdict).toEqual({ due: false, reason: 'A claim is damaged', doubt: true })
  })
})

describe('claims come together to environments', () => {
  test('by domain, environment and repository', () => {
    const other = { id: '7', name: 'acme/b' }
    const sorted = sort(
      [
        claim(),
        claim({ cluster: 'eur.pr-1.k8s.example.com' }),
        claim({ cluster: 'jpn.pr-1.k8s.example.com', repository: other }),
        claim({ cluster: 'usa.dev.k8s.example.com', domain: 'dev.k8s.example.com', owner: 'default' }),
        claim({ cluster: 'usa.k8s.example.com', owner: 'default' }),
        claim({ cluster: 'usa.pr-1.example.org', domain: 'example.org' }),
      ],
      [],
    )
    expect(nameAll(sorted)).toEqual([
      ['pr-1 k8s.example.com', ['usa', 'eur']],
      ['- dev.k8s.example.com', ['usa']],
      ['- k8s.example.com', ['usa']],
    ])
    expect(sorted.others).toBe(1)
  })

  test('a repository that was renamed is one, by its id', () => {
    const renamed = claim({
      cluster: 'eur.pr-1.k8s.example.com',
      repository: { ...repository, name: 'o/old' },
    })
    expect(nameAll(sort([renamed, claim()]))).toEqual([['pr-1 k8s.example.com', ['eur', 'usa']]])
  })

  test.each<[string, string[] | undefined, Repository, boolean]>([
    ['its own, by default', undefined, repository, true],
    ['no other, by default', undefined, { id: '7', name: 'acme/b' }, false],
    ['one that owners names', ['acme/b'], { id: '7', name: 'acme/b' }, true],
    ['all of an owner', ['acme/*'], { id: '7', name: 'ACME/b' }, true],
    ['none whose owner only begins alike', ['acme/*'], { id: '7', name: 'acme-2/b' }, false],
  ])('a run takes %s', (_, owners, of, taken) => {
    expect(sort([claim({ repository: of })], [], { owners }).environments).toHaveLength(taken ? 1 : 0)
  })

  test('one whose claim names no repository stays, and is told', () => {
    const { environments, notices } = sort([claim({ repository: undefined })])
    expect([environments, notices]).toEqual([
      [],
      ['pr-1.k8s.example.com stays: its claim names no repository'],
    ])
  })

  test('one of another account stays, and is told', () => {
    const { environments, notices } = sort([claim({ account: '444455556666' })])
    expect(environments).toEqual([])
    expect(notices).toEqual([
      'pr-1.k8s.example.com stays: usa.pr-1.k8s.example.com is in the account 444455556666',
    ])
  })

  test('a cluster that is claimed in two stores is a doubt', () => {
    const [environment] = sort([claim(), claim({ store: 'other-state' })]).environments
    expect(environment?.doubts).toEqual(['usa.pr-1.k8s.example.com is claimed in two stores'])
  })

  test('what could not be read is a doubt for the environment of its name alone', () => {
    const doubts = [{ root: 'pr-1.k8s.example.com', text: 'A claim is damaged' }]
    const other = claim({ cluster: 'usa.pr-2.k8s.example.com', owner: 'pr-2' })
    expect(sort([claim(), other], doubts).environments.map(one => one.doubts)).toEqual([
      ['A claim is damaged'],
      [],
    ])
  })

  test('clusters in a store of any name are described by where they are', () => {
    const shared = claim({ store: 'platform' })
    expect(sort([shared]).environments[0]?.clusters).toMatchObject([
      { name: 'usa', region: 'us-east-1', stateStore: 's3://platform', fullName: 'usa.pr-1.k8s.example.com' },
    ])
  })

  test('two clusters whose own names begin alike are told apart', () => {
    const names = ['platform-production-1.x.org', 'platform-production-2.x.org']
    const [environment] = sort(names.map(cluster => claim({ cluster }))).environments
    expect(environment?.clusters.map(({ name }) => name)).toEqual(['platform-produc', 'platform-pro-2'])
  })
})

test.each<[string, string, string | undefined]>([
  ['default', 'usa.k8s.example.com', 'k8s.example.com'],
  ['pr-1', 'usa.pr-1.k8s.example.com', 'k8s.example.com'],
  ['pr-2', 'usa.pr-1.k8s.example.com', undefined],
  ['default', 'usa.com', undefined],
])("a mark of version 0.1 of '%s' on %s has the domain %s", (owner, fullName, expected) => {
  expect(completeMark({ schema: 1, owner }, fullName)?.domain).toBe(expected)
})

test.each<[string, string]>([
  ['usa.pr-1.k8s.example.com', 'usa'],
  ['prod.acme.io', 'prod'],
  ['a-cluster-with-a-long-name.acme.io', 'a-cluster-with'],
])('%s is called %s', (fullName, alias) => {
  expect(aliasOf(fullName, { domain, environment: 'pr-1' })).toBe(alias)
})

test('the pull request of a mark is one of its repository, by the name of today', () => {
  const old = { id: repository.id, name: 'o/old' }
  expect(pullRequestOf({ pullRequest: '7', repository: old })).toEqual({ repository: old, number: '7' })
  expect(pullRequestOf({ repository })).toBeUndefined()
  expect(nameOfToday(old, repository)).toBe('o/r')
  expect(nameOfToday({ id: '9', name: 'acme/b' }, repository)).toBe('acme/b')
})

test('an environment is as old as its first claim', () => {
  const claims = ['2026-11-26T11:00:00Z', '2026-11-26T09:00:00Z'].map(createdAt => claim({ createdAt }))
  expect(bornAt({ claims })).toBe(now - 3 * 3_600_000)
  expect(bornAt({ claims: [claim()] })).toBeUndefined()
})
