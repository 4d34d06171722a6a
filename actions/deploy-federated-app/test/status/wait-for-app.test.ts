import type { Binding } from '@meridian/karmada'
import type { Kube, KubeObject } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import { describeProgress, isOutdated, readAppStatus } from '../../src/status/wait-for-app.ts'

const deployment = (name = 'web'): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop', generation: 4 },
  spec: { replicas: 3 },
})
const map: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', namespace: 'shop' } }
const bindingOf = (replicas?: number, generation?: number, name = 'web-deployment'): Binding => ({
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ResourceBinding',
  metadata: { name, namespace: 'shop' },
  spec: { ...(replicas !== undefined && { replicas }) },
  status: {
    aggregatedStatus: [
      { clusterName: 'usa', ...(generation && { status: { resourceTemplateGeneration: generation } }) },
    ],
  },
})

test.each<[what: string, template: KubeObject, binding: Binding, outdated: boolean]>([
  ['as its binding says', deployment(), bindingOf(3, 4), false],
  ['as a binding that lags behind says', deployment(), bindingOf(3, 3), false],
  ['scaled since', deployment(), bindingOf(5, 4), true],
  ['scaled to nothing since', deployment(), bindingOf(), true],
  ['changed since', deployment(), bindingOf(3, 5), true],
  ['of a kind without replicas', map, bindingOf(undefined), false],
])('a template is read anew where it is another by now: %s', (_, template, binding, outdated) => {
  expect(isOutdated(template, binding)).toBe(outdated)
})

test('how far many templates have come is read by two lists', async () => {
  const asked: string[] = []
  const names = ['a', 'b', 'c']
  const federation = {
    list: async ({ kind }: { kind: string }) => {
      asked.push(kind)
      return kind === 'ResourceBinding' ? names.map(name => bindingOf(3, 4, `${name}-deployment`)) : []
    },
  } as unknown as Kube
  const templates = names.map(name => deployment(name))
  const placement = { mode: 'even', clusters: ['usa'] } as const
  const statuses = await readAppStatus(federation, { templates, placement })
  expect(statuses.map(({ binding }) => binding?.metadata.name)).toEqual(
    names.map(name => `${name}-deployment`),
  )
  expect(asked).toEqual(['ResourceBinding', 'Cluster'])
})

describe('a Job that is to go a while after its end', () => {
  const job = { ...map, kind: 'Job', spec: { ttlSecondsAfterFinished: 60 } }
  const read = (live: KubeObject | undefined) => {
    const federation = { list: async () => [], get: async () => live } as unknown as Kube
    return readAppStatus(federation, { templates: [job], placement: { mode: 'even', clusters: ['usa'] } })
  }

  test('is waited for while it is there', async () => {
    expect((await read(job))[0]?.status.done).toBe(false)
  })

  test('is not waited for once it has gone', async () => {
    expect((await read(undefined))[0]?.status.done).toBe(true)
  })
})

test('of many that are on their way the first are named, and the others counted', () => {
  const status = { done: false, reason: 'not scheduled yet', unbalanced: false, missed: [], regions: [] }
  const statuses = ['a', 'b', 'c'].map(name => ({ template: deployment(name), status }))
  expect(describeProgress(statuses, 1)).toBe('Deployment a: not scheduled yet; and 2 more')
  expect(describeProgress(statuses.slice(0, 1), 1)).toBe('Deployment a: not scheduled yet')
})
