import { startUniverse, type Universe } from '@meridian/lab-universe'
import type { Failure } from '@meridian/lab-world'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openShop, usual } from './open-github.ts'

let universe: Universe
beforeAll(async () => {
  universe = await startUniverse({ scale: 1_000_000 })
})
afterAll(() => universe.close())

const url = 'http://web.pr-1.k8s.example.com'
const bot = 'github-actions[bot]'
const bodies = ({ repository }: ReturnType<typeof openShop>) =>
  repository.commentsOf(1).map(({ author, body }) => [author, /### .*<\/code> (.*)/u.exec(body)?.[1] ?? body])

describe('the life of an environment', () => {
  test('is told by one comment and by deployments', async () => {
    const shop = openShop(universe)
    await shop.act({ state: 'building' })
    await shop.act({ state: 'ready', url })
    expect(bodies(shop)).toEqual([[bot, 'is ready']])
    expect(shop.deployments()).toEqual(['success'])
    expect(shop.repository.holdings.deployments[0]).toMatchObject({ environment: 'pr-1', transient: true })

    shop.repository.push(1)
    await shop.act({ state: 'updating' })
    expect(shop.deployments()).toEqual(['success', 'in_progress'])
    await shop.act({ state: 'ready', url })
    expect(shop.deployments()).toEqual(['inactive', 'success'])

    shop.repository.close(1)
    await shop.act({ state: 'removing' })
    await shop.act({ state: 'gone', reason: 'the pull request is closed' })
    expect(bodies(shop)).toEqual([[bot, 'is removed']])
    expect(shop.deployments()).toEqual(['inactive', 'inactive'])
  })

  test('is written once: a second run finds nothing to write', async () => {
    const shop = openShop(universe)
    await shop.act({ state: 'ready', url })
    const before = universe.world.requests.all().length
    const { job } = await shop.act({ state: 'ready', url })
    const writes = universe.world.requests
      .all()
      .slice(before)
      .filter(({ write }) => write)
    expect([job.outputs.changed, writes]).toEqual([false, []])
  })

  test('is only shown in a dry run', async () => {
    const shop = openShop(universe)
    const { job } = await shop.act({ state: 'ready', url, 'dry-run': 'true' })
    expect(job.lines).toContain('Would write a comment')
    expect([bodies(shop), shop.deployments(), job.outputs.changed]).toEqual([[], [], true])
  })
})

describe('whose comment it is', () => {
  const forged = '<!-- meridian:environment=pr-1.k8s.example.com state=ready -->\nmine'
  test("somebody else's with our marker is never changed", async () => {
    const shop = openShop(universe)
    shop.repository.comment(1, forged, 'mallory')
    await shop.act({ state: 'building' })
    expect(bodies(shop)).toEqual([
      ['mallory', forged],
      [bot, 'is being built'],
    ])
  })
  test('nor one of the same bot that says our marker further down', async () => {
    const shop = openShop(universe)
    shop.repository.comment(1, `A title:\n${forged}`, bot)
    await shop.act({ state: 'building' })
    expect(bodies(shop)).toHaveLength(2)
  })
  test("nor that of the same pull request's environment under another domain", async () => {
    const shop = openShop(universe)
    await shop.act({ state: 'ready', url })
    await shop.act({ state: 'building', domain: 'other.example.com', deployment: 'false' })
    expect(bodies(shop)).toEqual([
      [bot, 'is ready'],
      [bot, 'is being built'],
    ])
  })
  test('is found among many', async () => {
    const shop = openShop(universe)
    for (let at = 0; at < 105; at += 1) shop.repository.comment(1, `comment ${at}`)
    await shop.act({ state: 'building' })
    await shop.act({ state: 'ready', url })
    expect(shop.repository.commentsOf(1)).toHaveLength(106)
  })
  test('another author than expected is said, with what to set', async () => {
    const { error } = await openShop(universe).act({ state: 'building' }, { author: 'acme-ci[bot]' })
    expect(error).toBe(
      'the comment was written as acme-ci[bot], and not as github-actions[bot]\nSet comment-author to acme-ci[bot]: by it later runs know which comments are theirs.',
    )
  })
})

describe("GitHub's environment object", () => {
  const admin = { ...usual, actions: 'read', administration: 'write' } as const
  test('goes where the token may delete it', async () => {
    const shop = openShop(universe)
    await shop.act({ state: 'ready', url })
    await shop.act({ state: 'gone' }, { permissions: admin })
    expect(shop.repository.holdings.environments).toEqual([])
  })
  test('is counted and named where it may not', async () => {
    const shop = openShop(universe)
    await shop.act({ state: 'ready', url })
    const { job, error } = await shop.act({ state: 'gone' }, { permissions: { ...usual, actions: 'read' } })
    expect([error, job.outputs['left-environments']]).toEqual([undefined, ['pr-1']])
    expect(job.lines.join('\n')).toMatch(/^1 of GitHub's environment objects are left.*: pr-1\./m)
  })
  test('is nothing to fail for where the token may not even look', async () => {
    const shop = openShop(universe)
    await shop.act({ state: 'ready', url })
    const { job, error } = await shop.act({ state: 'gone' })
    expect(error).toBeUndefined()
    expect(job.lines.join('\n')).toContain('takes `actions: read`')
  })
})

describe('what is in the way', () => {
  test('a permission that is missing is named', async () => {
    const { error } = await openShop(universe).act(
      { state: 'building' },
      { permissions: { 'pull-requests': 'read' } },
    )
    expect(error).toContain('the token may not do it: Resource not accessible by integration')
    expect(error).toContain('GitHub names deployments=read')
  })
  test('a pull request that is locked', async () => {
    const shop = openShop(universe)
    shop.repository.lock(1)
    const { error } = await shop.act({ state: 'building' })
    expect(error).toContain('Unable to create comment because issue is locked')
  })
  test('pull_request_target is refused, with the reason', async () => {
    const shop = openShop(universe, { from: 'mallory/shop' })
    const event = { ...shop.event(), name: 'pull_request_target' } as const
    for (const [name, value] of [
      ['mode', 'look'],
      ['state', 'building'],
    ] as const) {
      const { error } = await shop.act({ [name]: value }, { event })
      expect(error).toContain(
        'pull_request_target gives runs for forks the rights and secrets of this repository',
      )
      expect(error).toContain('on: pull_request')
    }
    expect((await shop.act({ state: 'refused', reason: 'a fork' }, { event })).error).toBeUndefined()
  })
  test('an event of no pull request', async () => {
    const shop = openShop(universe)
    const event = { ...shop.event(), name: 'schedule', payload: {} } as never
    expect((await shop.act({ mode: 'look' }, { event })).error).toContain(
      'the event schedule is of no pull request',
    )
    expect((await shop.act({ mode: 'look', 'pull-request': '1' }, { event })).error).toBeUndefined()
  })
  test('another pull request than that of the event', async () => {
    const { error } = await openShop(universe).act({ mode: 'look', 'pull-request': '2' })
    expect(error).toContain('this run is for #1, and not for #2')
  })
})

const failures: Failure[] = [
  'throttle',
  'busy',
  'error',
  'unavailable',
  'reset-before',
  'reset-after',
  'truncate',
  'gateway',
]
test.each(failures)('any one request that fails (%s) leaves the same behind', async failure => {
  for (let nth = 1; nth < 30; nth += 1) {
    const shop = openShop(universe)
    await shop.act({ state: 'building' })
    const fault = universe.world.faults.requests.plan({ failure, nth, service: 'github' })
    const { error } = await shop.act({ state: 'ready', url })
    fault.forget()
    expect([error, bodies(shop), shop.deployments()]).toEqual([undefined, [[bot, 'is ready']], ['success']])
    if (fault.struck() === 0) return
  }
  throw new Error('the sweep did not end')
})

describe('a look', () => {
  test('says what is to be done, and of which commit', async () => {
    const shop = openShop(universe)
    const { job } = await shop.act({ mode: 'look', ttl: '8h' })
    const commit = shop.repository.pull(1).head
    expect(job.outputs).toMatchObject({
      action: 'up',
      'is-head': true,
      environment: 'pr-1',
      commit,
      ttl: '28800s',
    })
  })
  test('ends green where the head is another by now', async () => {
    const shop = openShop(universe)
    const late = shop.event()
    shop.repository.push(1, { force: true })
    const { job, error } = await shop.act({ mode: 'look' }, { event: late })
    expect([error, job.outputs.action, job.outputs['is-head']]).toEqual([undefined, 'none', false])
  })
  test('knows from the comment that there is something to remove', async () => {
    const shop = openShop(universe)
    await shop.act({ state: 'ready', url })
    shop.repository.close(1, { merged: true })
    expect((await shop.act({ mode: 'look' })).job.outputs).toMatchObject({ action: 'down', state: 'ready' })
  })
  test('says what a maintainer can do for a fork, also with a token that can only read', async () => {
    const shop = openShop(universe, { from: 'mallory/shop' })
    const { job, error } = await shop.act({ mode: 'look' }, { permissions: { 'pull-requests': 'read' } })
    expect([error, job.outputs.action]).toEqual([undefined, 'refused'])
    expect(job.lines.join()).toContain('A maintainer who has read the change can push its branch')
  })

  describe('at a command', () => {
    test('takes it from who may write, for the head that stood then, and puts a thumb under it', async () => {
      const shop = openShop(universe)
      universe.github.pass(5)
      shop.repository.comment(1, '/up')
      const { job } = await shop.act({ mode: 'look', label: 'preview' })
      expect(job.outputs).toMatchObject({ action: 'up', wanted: 'up', reason: 'ann has asked for it' })
      expect(shop.repository.holdings.reactions.map(({ content }) => content)).toEqual(['+1'])
    })
    test('takes none for a head that came after it', async () => {
      const shop = openShop(universe)
      universe.github.pass(5)
      shop.repository.comment(1, '/up')
      const event = shop.event()
      universe.github.pass(5)
      shop.repository.push(1, { force: true })
      const { job } = await shop.act({ mode: 'look' }, { event })
      expect(job.outputs.reason).toMatch(/was pushed after the comment/)
    })
    test('takes none from anybody else', async () => {
      const shop = openShop(universe)
      universe.github.pass(5)
      shop.repository.comment(1, '/up', 'mallory')
      const { job } = await shop.act({ mode: 'look' })
      expect(job.outputs).toMatchObject({ action: 'refused' })
      expect(shop.repository.holdings.reactions.map(({ content }) => content)).toEqual(['confused'])
    })
  })
})

describe('a sweep', () => {
  const environments = (name: string, gone: boolean) =>
    JSON.stringify([
      {
        environment: 'pr-1',
        domain: 'k8s.example.com',
        repository: name,
        pullRequest: '1',
        gone,
        reason: 'its pull request is closed',
      },
    ])
  test('tells the pull request, and warns', async () => {
    const shop = openShop(universe)
    await shop.act({ state: 'ready', url })
    const event = { ...shop.event(), name: 'schedule', payload: {} } as never
    const { name } = shop.repository.holdings
    const { job, error } = await shop.act(
      { mode: 'sweep', environments: environments(name, true) },
      { event },
    )
    expect([error, bodies(shop), shop.deployments()]).toEqual([
      undefined,
      [[bot, 'is removed']],
      ['inactive'],
    ])
    expect(job.lines.join('\n')).toContain(
      'The reaper had to take pr-1 of #1, since its pull request is closed',
    )
  })
  test('says nothing of what stands', async () => {
    const shop = openShop(universe)
    await shop.act({ state: 'ready', url })
    await shop.act({ mode: 'sweep', environments: environments(shop.repository.holdings.name, false) })
    expect(bodies(shop)).toEqual([[bot, 'is ready']])
  })
})
