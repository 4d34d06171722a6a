import { type Identity, type Mark, makeMark } from '@meridian/identity'
import { testJob } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { birthOf, renewClaim, unfinished } from '../../src/apply/cluster-claim.ts'

const now = new Date('2026-11-23T10:00:00.500Z')
const identity: Identity = {
  domain: 'k8s.example.com',
  repository: { id: '1001', name: 'o/r' },
  cluster: 'usa.k8s.example.com',
  account: '111122223333',
}
const none = { ttl: undefined, pullRequest: undefined, repository: undefined }
const job = testJob({ version: '0.2.0', env: { GITHUB_REF: 'refs/pull/42/merge' } })

test('a birth says whence, until when, and of which pull request', () =>
  expect(makeMark(identity, birthOf({ ...none, ttl: 3_600_000 }, job, now))).toEqual({
    schema: 2,
    owner: 'default',
    domain: 'k8s.example.com',
    repository: { id: '1001', name: 'o/r' },
    cluster: 'usa.k8s.example.com',
    account: '111122223333',
    run: 'https://github.com/o/r/actions/runs/1',
    createdAt: '2026-11-23T10:00:00Z',
    expiresAt: '2026-11-23T11:00:00Z',
    version: '0.2.0',
    pullRequest: '42',
  }))

test('without ttl nothing expires', () =>
  expect(makeMark(identity, birthOf(none, testJob(), now)).expiresAt).toBeUndefined())

describe('a claim that is renewed', () => {
  const born: Mark = makeMark(identity, birthOf({ ...none, ttl: 3_600_000 }, job, now))
  const hours = (ttl: number | undefined, mark: Mark = born) =>
    renewClaim(mark, identity, { ttl: ttl && ttl * 3_600_000, now, version: '0.3.0' }).expiresAt

  test('is wanted for ttl from now, and never shorter than before', () => {
    expect(hours(8)).toBe('2026-11-23T18:00:00Z')
    expect(hours(0.5)).toBe('2026-11-23T11:00:00Z')
    expect(hours(undefined)).toBe('2026-11-23T11:00:00Z')
  })

  test('that has expired while it is in use is wanted again', () =>
    expect(hours(1, { ...born, expiresAt: '2026-11-01T00:00:00Z' })).toBe('2026-11-23T11:00:00Z'))

  test('that does not expire goes on so', () =>
    expect(hours(8, { ...born, expiresAt: undefined })).toBeUndefined())

  test('keeps its birth and its pull request, and is of the current schema and identity', () => {
    const old: Mark = { ...born, schema: 1, domain: undefined, repository: { id: '', name: 'o/r' } }
    expect(renewClaim(old, identity, { ttl: undefined, now, version: '0.3.0' })).toEqual({
      ...born,
      version: '0.3.0',
    })
  })

  test('is finished: only who changes the cluster says that it is not', () => {
    const begun = unfinished(born, job)
    expect(begun.unfinished).toBe('https://github.com/o/r/actions/runs/1')
    const later = renewClaim(begun, identity, { ttl: undefined, now, version: '0.2.0' })
    expect(later.unfinished).toBeUndefined()
  })
})
