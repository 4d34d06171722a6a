import type { S3Client } from '@aws-sdk/client-s3'
import { leaseKey } from '@meridian/identity'
import { testJob } from '@meridian/runner/testing'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { acquireLease, type LeaseRequest, readText, type Store } from '../src/index.ts'
import { before, fullName, listAll, loseAnswer, remove, suspendVersions, useStores } from './use-stores.ts'

const { makeOwn, world } = useStores()

async function open(path = '') {
  const { store, beside, job } = await makeOwn({ path })
  const take = (given: Partial<LeaseRequest> & { of?: Store } = {}) =>
    acquireLease(given.of ?? store, { fullName, job, ...given })
  return { store, beside, job, take }
}

/** A lease that the test cannot do without. */
async function held(taking: ReturnType<typeof acquireLease>) {
  const lease = await taking
  if (lease === undefined) throw new Error('there is no bucket')
  return lease
}

const runOf = (id: number, attempt = 1) => {
  const { run } = testJob()
  const env = { ...world().env, GITHUB_RUN_ATTEMPT: String(attempt) }
  return testJob({
    env,
    action: 'teardown',
    run: { ...run, url: `https://github.com/o/r/actions/runs/${id}` },
  })
}

/** What a holder that is paused, or cut off, cannot do: write. */
function cutOff(client: S3Client) {
  let cut = true
  client.middlewareStack.add(
    (next, { commandName }) =>
      async args => {
        if (cut && commandName === 'PutObjectCommand') throw new Error('cut off')
        return next(args)
      },
    { step: 'initialize' },
  )
  return () => {
    cut = false
  }
}

describe('taking', () => {
  test('where there is no bucket there is nothing to fight over', async () => {
    const { store, take } = await open()
    expect(await take({ of: { ...store, bucket: 'nowhere' } })).toBeUndefined()
  })

  test('a second run is told who holds it, since when, until when, and what to do', async () => {
    const { take } = await open()
    await using _first = await held(take())
    await expect(take({ job: runOf(2) })).rejects.toThrow(
      /^usa\.k8s\.example\.com is being worked on by test of https:\/\/github\.com\/o\/r\/actions\/runs\/1 since \S+Z, until \S+Z unless renewed/,
    )
    await expect(take({ job: runOf(2) })).rejects.toMatchObject({ fix: expect.stringContaining('cancel it') })
  })

  test('of many runs at once one gets it', async () => {
    const { take } = await open()
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map(id => take({ job: runOf(id) })))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('each cluster of a bucket has its own', async () => {
    const { take } = await open()
    await using _usa = await held(take())
    await using eur = await held(take({ fullName: 'eur.k8s.example.com', job: runOf(2) }))
    await expect(eur.confirm()).resolves.toBeUndefined()
  })

  test('one that waits gets it when it is given back', async () => {
    const { take } = await open()
    const first = await held(take())
    const second = take({ job: runOf(2), wait: 10_000 })
    await first.release()
    await using lease = await held(second)
    await expect(lease.confirm()).resolves.toBeUndefined()
  })

  test('a dead holder is followed after its lease has expired, not before', async () => {
    const { take } = await open()
    const dead = await held(take({ duration: 300 }))
    dead.abandon()
    await expect(take({ job: runOf(2) })).rejects.toThrow('is being worked on')
    await using lease = await held(take({ job: runOf(2), wait: 10_000 }))
    await expect(lease.confirm()).resolves.toBeUndefined()
  })

  test('a later attempt of the same run follows at once: the earlier one has ended', async () => {
    const { take } = await open()
    const dead = await held(take({ job: runOf(1, 1) }))
    dead.abandon()
    await using lease = await held(take({ job: runOf(1, 2) }))
    await expect(lease.confirm()).resolves.toBeUndefined()
  })

  test('an answer that was lost is not taken for another holder', async () => {
    const { store, take } = await open()
    let lost = false
    store.s3.middlewareStack.add(
      (next, { commandName }) =>
        async args => {
          const result = await next(args)
          if (commandName !== 'PutObjectCommand' || lost) return result
          lost = true
          throw Object.assign(new Error('another may have been first'), {
            name: 'ConditionalRequestConflict',
          })
        },
      { step: 'initialize' },
    )
    await using lease = await held(take({ wait: 5_000 }))
    await expect(lease.confirm()).resolves.toBeUndefined()
  })
})

describe('a run that is cancelled while it takes the lease', () => {
  test.each([
    ['arrives', undefined],
    ['is lost', new Error('socket hang up')],
  ])('makes the next one wait for nothing, whether the answer of S3 %s', async (_, error) => {
    const cancel = new AbortController()
    const { store, take } = await open()
    before(store.s3, 'PutObjectCommand', async () => cancel.abort(new Error('cancelled')))
    if (error) loseAnswer(store.s3, 'PutObjectCommand', error)
    await expect(take({ job: { ...runOf(1), signal: cancel.signal } })).rejects.toThrow('cancelled')
    await using next = await held(take({ job: runOf(2) }))
    await expect(next.confirm()).resolves.toBeUndefined()
  })
})

describe('holding', () => {
  test('it is renewed at each third of its duration, and then no other run may have it', async () => {
    const { store, take } = await open()
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    await using lease = await held(take({ duration: 300_000 }))
    vi.advanceTimersByTime(300_000)
    // It is written after those that are under way.
    await lease.confirm()
    const { text = '' } = (await readText(store, leaseKey(store, fullName))) ?? {}
    expect(JSON.parse(text)).toMatchObject({ renewals: 4, released: false })
    await expect(take({ job: runOf(2) })).rejects.toThrow('is being worked on')
  })

  test('a holder that was paused past the end can do nothing any more', async () => {
    const { beside, take } = await open()
    const paused = await held(take({ of: beside, duration: 200 }))
    const resume = cutOff(beside.s3)
    await using _next = await held(take({ job: runOf(2), wait: 10_000 }))
    resume()
    expect(paused.signal.aborted).toBe(true)
    await expect(paused.confirm()).rejects.toThrow('the lease on usa.k8s.example.com is lost')
  })

  test('a holder that does not know yet learns it before the next step', async () => {
    const { store, take } = await open()
    await using lease = await held(take())
    await remove(store, leaseKey(store, fullName))
    await using _thief = await held(take({ job: runOf(2) }))
    await expect(lease.confirm()).rejects.toThrow('now with teardown of')
    expect(lease.signal.aborted).toBe(true)
  })

  test('it ends with the job', async () => {
    const cancel = new AbortController()
    const { take } = await open()
    await using lease = await held(take({ job: { ...runOf(1), signal: cancel.signal } }))
    cancel.abort(new Error('cancelled'))
    await expect(lease.confirm()).rejects.toThrow('cancelled')
  })

  test('it is given back even when the job is cancelled', async () => {
    const cancel = new AbortController()
    const { take } = await open()
    const lease = await held(take({ job: { ...runOf(1), signal: cancel.signal } }))
    cancel.abort(new Error('cancelled'))
    await lease.release()
    await using next = await held(take({ job: runOf(2) }))
    await expect(next.confirm()).resolves.toBeUndefined()
  })
})

describe('discarding', () => {
  test.each([true, false])('nothing in the store tells of it any more (versions: %s)', async versions => {
    const { store, take } = await open('teams/blue')
    if (!versions) await suspendVersions(store)
    await using lease = await held(take())
    await lease.confirm()
    await lease.discard()
    await lease.release()
    expect(await listAll(store)).toEqual([])
  })

  test('one of another run that was given back before is left as it was', async () => {
    const { store, take } = await open()
    await (await held(take({ job: runOf(1) }))).release()
    const former = await listAll(store)
    await using lease = await held(take({ job: runOf(2) }))
    await lease.confirm()
    await lease.discard()
    expect(await listAll(store)).toEqual(former)
    await using next = await held(take({ job: runOf(3) }))
    await expect(next.confirm()).resolves.toBeUndefined()
  })
})
