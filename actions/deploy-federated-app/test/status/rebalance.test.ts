import type { Cluster } from '@meridian/karmada'
import { KubeError, type KubeObject } from '@meridian/kube'
import { testJob } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { createRebalance, reasonToSchedule } from '../../src/status/rebalance.ts'
import type { TemplateStatus } from '../../src/status/template-status.ts'

const widget: KubeObject = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'w', namespace: 'shop' },
}
const status = { done: false, reason: '', unbalanced: false, missed: [], regions: [] }
const yes = (type: string) => ({ type, status: 'True' })

function member(name: string, kinds: string[], more: object = {}): Cluster {
  return {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: { syncMode: 'Push', ...more },
    status: {
      conditions: [yes('Ready'), yes('CompleteAPIEnablements')],
      apiEnablements: [{ groupVersion: 'example.com/v1', resources: kinds.map(kind => ({ kind })) }],
    },
  }
}

describe('an object is scheduled anew', () => {
  const missed = { template: widget, status: { ...status, missed: ['usa', 'eur'] } }
  const serving = ['usa', 'eur', 'jpn'].map(name => member(name, ['Widget']))

  test('once all members that were passed over serve its kind', () => {
    expect(reasonToSchedule(missed, serving)).toBe(
      'is not scheduled to usa, eur, where its kind is served by now: it is scheduled anew',
    )
    expect(reasonToSchedule(missed, [member('usa', ['Widget']), member('eur', ['Gadget'])])).toBeUndefined()
    expect(reasonToSchedule({ ...missed, status }, serving)).toBeUndefined()
  })

  test('but not while one of them is tainted: it would be passed over again', () => {
    const taints = [{ key: 'cluster.karmada.io/not-ready', effect: 'NoSchedule' }]
    expect(
      reasonToSchedule(missed, [member('usa', ['Widget'], { taints }), ...serving.slice(1)]),
    ).toBeUndefined()
  })

  test('when its replicas are divided otherwise than by the weights', () => {
    const unbalanced = { ...status, unbalanced: true, reason: 'divided as usa 3' }
    expect(reasonToSchedule({ template: widget, status: unbalanced }, [])).toBe(
      'is divided as usa 3: its replicas are divided anew',
    )
  })

  test('five times at most, under another name and later each time', async () => {
    const names: string[] = []
    let now = 1_000_000
    const apply = async <T>(object: KubeObject): Promise<T> => {
      names.push(object.metadata.name)
      return object as T
    }
    const rebalance = createRebalance(testJob(), { apply, serverTime: () => now })
    const binding = { metadata: { name: 'w-widget', uid: 'u' } } as TemplateStatus['binding']
    const moments: number[] = []
    for (const end = now + 300_000; now < end; now += 1_000) {
      const before = names.length
      await rebalance([{ template: widget, binding, status: { ...status, unbalanced: true } }], [])
      if (names.length > before) moments.push((now - 1_000_000) / 1_000)
    }
    expect(moments).toEqual([0, 5, 15, 30, 50])
    expect(new Set(names).size).toBe(5)
  })

  test('without more ado where another has asked for it in the same second', async () => {
    const apply = () =>
      Promise.reject(new KubeError('there', { status: 409, reason: 'Conflict', server: 'fed' }))
    const rebalance = createRebalance(testJob(), { apply, serverTime: () => 1_000_000 })
    const binding = { metadata: { name: 'w-widget', uid: 'u' } } as TemplateStatus['binding']
    const asked = rebalance([{ template: widget, binding, status: { ...status, unbalanced: true } }], [])
    await expect(asked).resolves.toBeUndefined()
  })

  test('not in the second of its last schedule, since that would be lost', async () => {
    const scheduled = Date.parse('2026-11-23T10:00:05Z')
    const binding = {
      metadata: { name: 'w-widget', uid: 'u' },
      status: { lastScheduledTime: '2026-11-23T10:00:05Z' },
    } as TemplateStatus['binding']
    const moments: number[] = []
    let now = scheduled - 1_500
    const apply = async <T>(object: KubeObject): Promise<T> => {
      moments.push(now - scheduled)
      return object as T
    }
    const rebalance = createRebalance(testJob(), { apply, serverTime: () => now })
    for (; now < scheduled + 4_000; now += 500)
      await rebalance([{ template: widget, binding, status: { ...status, unbalanced: true } }], [])
    expect(moments).toEqual([1_000])
  })
})
