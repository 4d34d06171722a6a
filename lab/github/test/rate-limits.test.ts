import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findExcess } from '../rate-limits.ts'
import { type GithubWorld, openGithubWorld } from './github-world.ts'

const now = 10_000
const times = (count: number, method: string, secondsAgo: number, operation = 'issues/create-comment') =>
  Array.from({ length: count }, () => ({ at: now - secondsAgo, operation, method }))

describe("GitHub's limits, of what an account did before", () => {
  const write = { at: now, operation: 'repos/create-deployment', method: 'POST' }
  const read = { at: now, operation: 'pulls/get', method: 'GET' }
  const room = { most: 1_000, inFlight: 1 }

  test.each([
    ['79 contents a minute', times(79, 'POST', 10), write, undefined],
    ['80 contents a minute', times(80, 'POST', 10), write, 50],
    ['reading after them', times(80, 'POST', 10), read, undefined],
    ['80 contents of a minute ago', times(80, 'POST', 60), write, undefined],
    ['500 contents an hour', times(500, 'PATCH', 600), write, 3_000],
    ['what is taken away is no content', times(80, 'DELETE', 10), write, undefined],
    ['899 points of one endpoint', times(899, 'GET', 5, 'pulls/get'), read, undefined],
    ['900 points of one endpoint', times(900, 'GET', 5, 'pulls/get'), read, 55],
    ['900 points of another', times(900, 'GET', 5, 'repos/list-deployments'), read, undefined],
  ])('%s', (_, before, asked, after) => {
    expect(findExcess(before, asked, room)?.after).toBe(after)
  })

  test('the hour of the token of jobs', () => {
    const before = times(1_000, 'GET', 3_000, 'pulls/get')
    expect(findExcess(before, read, room)).toMatchObject({ kind: 'primary', after: 600 })
    expect(findExcess(before, read, { ...room, most: 5_000 })).toBeUndefined()
  })

  test('at the same time, without a word of when to come back', () => {
    expect(findExcess([], read, { ...room, inFlight: 100 })).toBeUndefined()
    const excess = findExcess([], read, { ...room, inFlight: 101 })
    expect([excess?.kind, excess?.after]).toEqual(['secondary', undefined])
  })
})

describe('as clients see them', () => {
  let lab: GithubWorld
  beforeAll(async () => {
    // A minute of this world is ten here: what a slow machine takes does not count.
    lab = await openGithubWorld(0.1)
  })
  afterAll(() => lab.close())

  test('a refusal says when to come back, and asking before that is noted', async () => {
    lab.github.addRepository('acme/shop', 1001).openPull()
    const token = lab.github.addToken('acme/shop', { 'pull-requests': 'write' })
    const comment = () =>
      fetch(`${lab.githubApi}/repos/acme/shop/issues/1/comments`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'user-agent': 'somebody' },
        body: '{"body":"hello"}',
      })
    const [first] = await Promise.all(Array.from({ length: 80 }, comment))
    expect(first?.headers.get('x-ratelimit-limit')).toBe('1000')
    const refused = await comment()
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ message: expect.stringContaining('secondary rate limit') })
    const wait = Number(refused.headers.get('retry-after'))
    expect([wait > 300 && wait <= 600, lab.github.askedTooSoon()]).toEqual([true, []])

    expect((await comment()).status).toBe(403)
    expect(lab.github.askedTooSoon()).toEqual(['issues/create-comment'])
    lab.github.pass(60)
    expect((await comment()).status).toBe(201)
  })
})
