import { connectAws } from '@meridian/aws'
import { leaseKey, parseStore } from '@meridian/identity'
import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { acquireLease, openStore } from '../src/index.ts'
import { account, fullName, region, useStores } from './use-stores.ts'

const { makeOwn, world } = useStores()

/** A store as a run has it: what it asks ends when it is cancelled. */
async function openCancellable() {
  const { store } = await makeOwn()
  const cancel = new AbortController()
  const job = testJob({ env: world().env, action: 'create-cluster', signal: cancel.signal })
  const location = parseStore(`s3://${store.bucket}`)
  const own = await openStore(await connectAws(job, {}), location, { near: region, account })
  if (own === undefined) throw new Error('the bucket is gone')
  /** Cancels the run at a writing of its lease, which is carried out all the same. */
  const cancelAt = (nth: number) =>
    world().world.faults.requests.plan({
      service: 's3',
      operation: 'PutObject',
      client: 'create-cluster',
      key: leaseKey(store, fullName),
      nth,
      onStrike: () => cancel.abort(new Error('cancelled')),
    })
  return { store, own, job, cancelAt }
}

async function expectFree(store: Parameters<typeof acquireLease>[0]): Promise<void> {
  const job = testJob({ env: world().env, action: 'teardown' })
  await using next = await acquireLease(store, { fullName, job })
  expect(next?.signal.aborted).toBe(false)
}

test('a run that is cancelled while it takes a lease leaves it to the next', async () => {
  const { store, own, job, cancelAt } = await openCancellable()
  cancelAt(1)
  await expect(acquireLease(own, { fullName, job })).rejects.toThrow()
  await expectFree(store)
})

test('a run that is cancelled while its lease is renewed gives it back', async () => {
  const { store, own, job, cancelAt } = await openCancellable()
  cancelAt(2)
  const lease = await acquireLease(own, { fullName, job })
  await expect(lease?.confirm()).rejects.toThrow()
  await lease?.release()
  await expectFree(store)
})
