import { readFile } from 'node:fs/promises'
import { connectKube, type Kube, type KubeObject } from '@meridian/kube'
import { type LabClusters, startClusters } from '@meridian/lab-universe/testing'
import { LeaseHeldError } from '@meridian/runner'
import { testJob } from '@meridian/runner/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  describeLeaseHolder,
  isFreeLease,
  type LeaseObject,
  leaseOf,
} from '../../src/control-plane/host-lease-record.ts'
import { acquireHostLease } from '../../src/index.ts'

const holder = { token: 'a', action: 'federate', run: 'https://github.com/o/r/actions/runs/1', attempt: 1 }
const now = Date.parse('2026-11-28T12:00:00Z')
const lease = leaseOf(holder, { now, milliseconds: 120_000, over: undefined })
const other = { ...holder, token: 'b', run: 'https://github.com/o/r/actions/runs/2' }

describe('a lease on a host', () => {
  test('is written as Kubernetes writes its own', () => {
    expect(lease.spec).toEqual({
      holderIdentity: 'federate a',
      leaseDurationSeconds: 120,
      acquireTime: '2026-11-28T12:00:00.000000Z',
      renewTime: '2026-11-28T12:00:00.000000Z',
      leaseTransitions: 0,
    })
  })

  test.each([
    ['its holder lives', lease, now + 120_000, other, false],
    ['it has expired', lease, now + 120_001, other, true],
    ['it was given back', { ...lease, spec: { ...lease.spec, holderIdentity: '' } }, now, other, true],
    ['a later attempt of its run asks', lease, now, { ...holder, token: 'c', attempt: 2 }, true],
    ['the same attempt of its run asks', lease, now, { ...holder, token: 'c' }, false],
    ['it does not say since when', { ...lease, spec: { holderIdentity: 'x' } }, now, other, false],
  ] as const)('while %s', (_, seen, at, by, free) => {
    expect(isFreeLease(seen as LeaseObject, at, by)).toBe(free)
  })

  test('keeps since when it is held, and counts who has held it', () => {
    const renewed = leaseOf(holder, { now: now + 1_000, milliseconds: 120_000, over: lease })
    expect([renewed.spec?.acquireTime, renewed.spec?.leaseTransitions]).toEqual([lease.spec?.acquireTime, 0])
    const taken = leaseOf(other, { now: now + 1_000, milliseconds: 120_000, over: renewed })
    expect(taken.spec?.leaseTransitions).toBe(1)
  })

  test('names its holder, and when it ends', () => {
    expect(describeLeaseHolder(lease, now)).toBe(
      'federate of https://github.com/o/r/actions/runs/1 since 2026-11-28T12:00:00Z, until 2026-11-28T12:02:00Z unless renewed',
    )
  })
})

describe('on a living host', () => {
  let lab: LabClusters
  let host: Kube
  const store = () => lab.universe.clusters.clusters()[0]?.store
  const live = () => store()?.get('Lease', 'kube-system', 'meridian-federation') as LeaseObject | undefined
  const job = (run = 'https://github.com/o/r/actions/runs/1', more = {}) => {
    const base = testJob({ action: 'federate', userAgent: 'meridian-federate/1', ...more })
    return { ...base, run: { ...base.run, url: run } }
  }

  beforeAll(async () => {
    lab = await startClusters(['usa'])
    host = connectKube(await readFile(lab.env.KUBECONFIG ?? '', 'utf8'), { ...testJob(), context: 'usa' })
  })
  beforeEach(() => void store()?.remove('Lease', 'kube-system', 'meridian-federation'))
  afterAll(() => lab.close())

  test('one at a time has the lease, and the next after it was given back', async () => {
    const first = await acquireHostLease(job(), host)
    const held = acquireHostLease(job('https://x/2'), host, { wait: 0 })
    await expect(held).rejects.toBeInstanceOf(LeaseHeldError)
    await expect(held).rejects.toThrow(
      'the federation of usa is being worked on by federate of https://github.com/o/r/actions/runs/1',
    )
    await first.release()
    const second = await acquireHostLease(job('https://x/2'), host, { wait: 0 })
    expect(live()?.spec?.leaseTransitions).toBe(1)
    await second.release()
  })

  test('of many that ask at once each has it once', async () => {
    let inside = 0
    let most = 0
    const runs = [1, 2, 3, 4].map(async at => {
      await using _ = await acquireHostLease(job(`https://x/${at}`), host)
      inside += 1
      most = Math.max(most, inside)
      await host.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' })
      inside -= 1
    })
    await Promise.all(runs)
    expect(most).toBe(1)
  })

  test('a dead holder is followed when its time is over', async () => {
    const dead = await acquireHostLease(job(), host, { duration: 1_000 })
    dead.abandon()
    const next = await acquireHostLease(job('https://x/2'), host)
    expect(live()?.spec?.holderIdentity).not.toBe('')
    await next.release()
  })

  test('who has lost it is told, and stops', async () => {
    const lease = await acquireHostLease(job(), host)
    store()?.modify('Lease', 'kube-system', 'meridian-federation', (draft: KubeObject) => {
      draft.spec = { ...(draft.spec as object), holderIdentity: 'teardown b' }
    })
    await expect(lease.confirm()).rejects.toThrow(
      'the lease on the federation of usa is lost: now with teardown',
    )
    expect(lease.signal.aborted).toBe(true)
    await lease.release()
    expect(live()?.spec?.holderIdentity).toBe('teardown b')
  })

  test('is given back by a run that was cancelled', async () => {
    const cancel = new AbortController()
    const lease = await acquireHostLease(job(undefined, { signal: cancel.signal }), host)
    cancel.abort(new Error('cancelled'))
    await lease.release()
    expect(live()?.spec?.holderIdentity).toBe('')
  })

  test.each(['reset-after', undefined] as const)(
    'is given back by a run that is cancelled while it takes it: %s',
    async failure => {
      const cancel = new AbortController()
      lab.universe.world.faults.requests.plan({
        ...(failure && { failure }),
        nth: 1,
        client: 'federate',
        operation: 'create leases.coordination.k8s.io',
        onStrike: () => cancel.abort(new Error('cancelled')),
      })
      await expect(acquireHostLease(job(undefined, { signal: cancel.signal }), host)).rejects.toThrow(
        'cancelled',
      )
      expect(live()?.spec?.holderIdentity).toBe('')
    },
  )

  test.each(['reset-after', 'reset-before'] as const)(
    'is had, and never lost, when a connection is: %s',
    async failure => {
      const operation = 'create leases.coordination.k8s.io'
      const fault = lab.universe.world.faults.requests.plan({
        failure,
        nth: 1,
        client: 'federate',
        operation,
      })
      const lease = await acquireHostLease(job(), host)
      expect(fault.struck()).toBe(1)
      await lease.release()
      expect(live()?.spec?.holderIdentity ?? '').toBe('')
    },
  )
})
