import { heldClusters } from '@meridian/karmada'
import type { KubeObject } from '@meridian/kube'
import { until } from '@meridian/lab-universe/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  configMap,
  deployment,
  imageIn,
  type LabFederation,
  replicasIn,
  startFederation,
} from '../lab-federation.ts'

const names = ['usa', 'eur', 'jpn'] as const
const inWaves = { rollout: 'waves', waves: '[usa, eur, jpn]' }
let lab: LabFederation

beforeAll(async () => {
  lab = await startFederation(names)
})
afterAll(() => lab.close())

const app = (name: string, version: number) =>
  [deployment(name, 3, `web:${version}`), configMap(name, `v${version}`)].join('---')
const imagesOf = (name: string) => names.map(member => imageIn(lab.member(member), name))
const valueIn = (member: (typeof names)[number], name: string) =>
  (lab.member(member).get('ConfigMap', 'default', name)?.data as { key?: string } | undefined)?.key
const policyOf = (name: string) => lab.fed.get('PropagationPolicy', 'default', `${name}-deployment`)
const heldOf = (name: string) => heldClusters(policyOf(name) ?? {})
/** No new pod of a member finds a node. */
const cordon = (member: (typeof names)[number], unschedulable: boolean) => {
  for (const node of lab.member(member).list('Node'))
    lab.member(member).modify('Node', undefined, node.metadata.name, draft => {
      draft.spec = { ...(draft.spec as object), unschedulable }
    })
}
const spec = (object: KubeObject | undefined) => object?.spec

describe('a rollout in waves', () => {
  test('brings a new app to one region after the other too', async () => {
    const run = await lab.deploy(app('fresh', 1), { app: 'fresh', ...inWaves })
    expect(run.outputs.replicas).toEqual({ usa: 1, eur: 1, jpn: 1 })
    expect(heldOf('fresh')).toEqual([])
  })

  test('stops at a region that does not become healthy, and rolls only that one back', async () => {
    await lab.deploy(app('failing', 1), { app: 'failing' })
    cordon('eur', true)
    const inputs = { app: 'failing', ...inWaves, 'wave-timeout': '15s' }
    const failure: Error = await lab.deploy(app('failing', 2), inputs).then(
      () => new Error('it went well'),
      error => error,
    )
    expect(failure.message).toMatch(/^wave 2 of 3 \(eur\) did not become healthy: .*eur 0\/1 replicas ready/)
    expect(failure.message).toContain(
      'It is rolled back. Version before: eur. New version: usa. Not touched: jpn.',
    )
    await until(() => imagesOf('failing').join() === 'web:2,web:1,web:1')
    expect(names.map(member => valueIn(member, 'failing'))).toEqual(['v2', 'v1', 'v1'])
    expect(imageIn(lab.fed, 'failing')).toBe('web:1')
    expect(heldOf('failing')).toEqual(['usa'])
    cordon('eur', false)
    await lab.deploy(app('failing', 3), { app: 'failing', ...inWaves })
    expect([imagesOf('failing'), heldOf('failing')]).toEqual([['web:3', 'web:3', 'web:3'], []])
  })

  test('that moves the app too goes back to where it was, in the region that does not become healthy', async () => {
    const moved = (version: number, replicas: number) => deployment('moving', replicas, `web:${version}`)
    await lab.deploy(moved(1, 2), { app: 'moving', placement: 'only: [usa, eur]' })
    const before = spec(policyOf('moving'))
    cordon('eur', true)
    const inputs = { app: 'moving', ...inWaves, 'wave-timeout': '5s' }
    await expect(lab.deploy(moved(2, 7), inputs)).rejects.toThrow(
      'It is rolled back. Version before: eur. New version: usa. Not touched: jpn.',
    )
    cordon('eur', false)
    expect(imagesOf('moving')).toEqual(['web:2', 'web:1', undefined])
    expect(names.map(member => replicasIn(lab.member(member), 'moving'))).toEqual([
      expect.toBeOneOf([2, 3]),
      1,
      undefined,
    ])
    expect({ ...(spec(policyOf('moving')) as object), suspension: undefined }).toEqual(before)
    expect(heldOf('moving')).toEqual(['usa'])
    await lab.deploy(moved(2, 7), { app: 'moving', ...inWaves })
    expect([imagesOf('moving'), heldOf('moving')]).toEqual([['web:2', 'web:2', 'web:2'], []])
  })

  test('that has brought the app to a new region leaves it there when a later one does not become healthy', async () => {
    const spread = (version: number, replicas: number) =>
      [deployment('joined', replicas, `web:${version}`), configMap('joined', `v${version}`)].join('---')
    await lab.deploy(spread(1, 4), { app: 'joined', placement: 'only: [eur, jpn]' })
    cordon('eur', true)
    const inputs = { app: 'joined', ...inWaves, 'wave-timeout': '5s' }
    await expect(lab.deploy(spread(2, 6), inputs)).rejects.toThrow(
      'Version before: eur. New version: usa (in usa for the first time, with its share). Not touched: jpn.',
    )
    cordon('eur', false)
    expect(imagesOf('joined')).toEqual(['web:2', 'web:1', 'web:1'])
    expect(names.map(member => valueIn(member, 'joined'))).toEqual(['v2', 'v1', 'v1'])
    // A run of what was before takes it away from there.
    await lab.deploy(spread(1, 4), { app: 'joined', placement: 'only: [eur, jpn]' })
    await until(() => imagesOf('joined').join() === ',web:1,web:1')
    expect(names.map(member => replicasIn(lab.member(member), 'joined'))).toEqual([undefined, 2, 2])
  })

  test('that fails in its first region leaves everything as it was', async () => {
    await lab.deploy(app('early', 1), { app: 'early' })
    const before = [policyOf('early'), lab.fed.get('Deployment', 'default', 'early')].map(spec)
    cordon('usa', true)
    const inputs = { app: 'early', ...inWaves, 'wave-timeout': '1s' }
    await expect(lab.deploy(app('early', 2), inputs)).rejects.toThrow(
      'It is rolled back. Version before: usa. Not touched: eur, jpn.',
    )
    cordon('usa', false)
    expect([policyOf('early'), lab.fed.get('Deployment', 'default', 'early')].map(spec)).toEqual(before)
  })

  test('of a new app has nothing to go back to, and is held where it is', async () => {
    cordon('usa', true)
    const inputs = { app: 'stuck', ...inWaves, 'wave-timeout': '1s' }
    await expect(lab.deploy(app('stuck', 1), inputs)).rejects.toThrow('There is no version before it')
    expect(heldOf('stuck')).toEqual(['eur', 'jpn'])
    cordon('usa', false)
    await lab.deploy(app('stuck', 1), { app: 'stuck', ...inWaves })
    expect([imagesOf('stuck'), heldOf('stuck')]).toEqual([['web:1', 'web:1', 'web:1'], []])
  })

  test('does not leave the living regions when one dies on the way, and names it', async () => {
    await lab.deploy(app('dying', 1), { app: 'dying' })
    const inputs = { app: 'dying', ...inWaves, 'wave-timeout': '15s' }
    const stop = lab.member('usa').watch('Deployment', ({ object }) => {
      if (object.metadata.name === 'dying' && imageIn(lab.member('usa'), 'dying') === 'web:2') lab.cut('eur')
    })
    const job = { deadline: Date.now() + 60_000 }
    await expect(lab.deploy(app('dying', 2), inputs, job)).rejects.toThrow(
      /wave 2 of 3 \(eur\).*eur is not ready/,
    )
    stop()
    lab.mend('eur')
    expect(imagesOf('dying')[2]).toBe('web:1')
    await until(() => JSON.stringify(lab.fed.get('Cluster', undefined, 'eur')).includes('"ClusterReady"'))
  })
})
