import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { connectAws, s3 } from '@meridian/aws'
import { testJob } from '@meridian/runner/testing'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { acquireLease, ensureStateBucket, type LeaseRequest, leaseKops } from '../src/index.ts'
import { useStores } from './use-stores.ts'

const region = 'us-east-1'
const fullName = 'usa.k8s.example.com'
const { openStore, world } = useStores()

async function open() {
  const { client, job, name: bucket } = await openStore(region)
  await ensureStateBucket(client, { name: bucket, region, tags: {}, job })
  const take = (given: Partial<LeaseRequest> = {}) =>
    acquireLease(client, { bucket, fullName, job, ...given })
  return { client, bucket, job, take }
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
    const { take } = await open()
    expect(await take({ bucket: 'nowhere' })).toBeUndefined()
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
    const { client, take } = await open()
    let lost = false
    client.middlewareStack.add(
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

describe('holding', () => {
  test('it outlives its duration by being renewed', async () => {
    const { client, take } = await open()
    let renewals = 0
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const duration = 600_000
    await using lease = await held(take({ duration }))
    // Time passes only between the requests, or it would use up their own limits.
    const count = () => {
      renewals += 1
    }
    client.middlewareStack.add(next => args => next(args).finally(count), { step: 'initialize' })
    for (let due = 1; due <= 9; due += 1) {
      vi.advanceTimersByTime(duration / 3)
      while (renewals < due) await new Promise(resolve => setImmediate(resolve))
    }
    await expect(take({ job: runOf(2) })).rejects.toThrow('is being worked on')
    expect(lease.signal.aborted).toBe(false)
  })

  test('a holder that was paused past the end can do nothing any more', async () => {
    const { client, job, bucket, take } = await open()
    const own = s3(await connectAws(job, {}), region)
    const paused = await held(acquireLease(own, { bucket, fullName, job, duration: 200 }))
    const resume = cutOff(own)
    await using _next = await held(take({ job: runOf(2), wait: 10_000 }))
    resume()
    expect(paused.signal.aborted).toBe(true)
    await expect(paused.confirm()).rejects.toThrow('the lease on usa.k8s.example.com is lost')
    client.destroy()
  })

  test('a holder that does not know yet learns it before the next step, and its kops is not run', async () => {
    const { client, bucket, take } = await open()
    await using lease = await held(take())
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: `${fullName}.lease.json` }))
    await using _thief = await held(take({ job: runOf(2) }))
    const commands: string[] = []
    const run = async (cluster: string) => {
      commands.push(cluster)
      return { stdout: '', stderr: '', exitCode: 0, seconds: 0 }
    }
    const kops = leaseKops({ version: '1.36.2', run }, lease)
    await expect(kops.run(fullName, ['delete', 'cluster'])).rejects.toThrow('now with teardown of')
    expect(commands).toEqual([])
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
