import { completeClusters, readFederation } from '@meridian/identity'
import { testJob } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { needOf } from '../../src/federation/environment-claim.ts'
import { claimOf } from '../../src/federation/read-environment-claim.ts'

const host = { name: 'usa' }

describe('an environment', () => {
  test.each<[string, Parameters<typeof needOf>[0], boolean, Awaited<ReturnType<typeof needOf>>]>([
    ['with a lifetime is to be claimed', { lifetime: 1, pullRequest: undefined, host }, false, 'asked'],
    ['with both is to be claimed', { lifetime: 1, pullRequest: 7, host }, true, 'asked'],
    ['of a pull request is tried', { lifetime: undefined, pullRequest: 7, host }, false, 'tried'],
    [
      'of a pull request with clusters of its own is not',
      { lifetime: undefined, pullRequest: 7, host },
      true,
      'none',
    ],
    [
      'whose clusters nobody names is not',
      { lifetime: undefined, pullRequest: 7, host: undefined },
      false,
      'none',
    ],
    ['that nobody limits is not', { lifetime: undefined, pullRequest: undefined, host }, false, 'none'],
  ])('%s', async (_, wish, hasMembers, need) => {
    expect(await needOf(wish, async () => hasMembers)).toBe(need)
  })
})

test('a claim says who, until when, for which pull request and in whose federation', () => {
  const place = { domain: 'k8s.example.com', environment: 'pr-7' }
  const [usa, eur] = completeClusters(
    [
      { name: 'usa', region: 'us-east-1', fullName: 'usa.example.org' },
      { name: 'eur', region: 'eu-west-1', provider: 'existing' },
    ],
    place,
  )
  if (usa === undefined || eur === undefined) throw new Error('two were given')
  const identity = { ...place, repository: { id: '1001', name: 'acme/shop' }, account: '111122223333' }
  const now = new Date('2026-11-26T12:00:00Z')
  const birth = { host: eur, members: [usa, eur], pullRequest: 7 }
  const mark = claimOf(identity, birth, { lifetime: 3_600_000, now }, testJob())
  expect(mark).toMatchObject({
    owner: 'pr-7',
    account: '111122223333',
    createdAt: '2026-11-26T12:00:00Z',
    expiresAt: '2026-11-26T13:00:00Z',
    pullRequest: '7',
  })
  expect(readFederation(mark, place)).toEqual([eur, usa])
  const open = claimOf(identity, birth, { lifetime: undefined, now }, testJob())
  expect(open.expiresAt).toBeUndefined()
})
