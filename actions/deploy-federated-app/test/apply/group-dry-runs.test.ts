import type { KubeObject } from '@meridian/kube'
import { expect, test } from 'vitest'
import { shop } from '../../../../packages/karmada/test/use-identity.ts'
import { groupAlike, groupForCheck } from '../../src/apply/group-dry-runs.ts'
import { buildDesired } from '../../src/plan/build-desired.ts'
import type { Action } from '../../src/plan/plan.ts'

const make = (kind: string, name: string, content: object = {}, apiVersion = 'v1'): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'shop' },
  ...content,
})
const map = (name: string, data: object) => make('ConfigMap', name, { data })
const secret = (name: string, data: object, type?: string) =>
  make('Secret', name, { data, ...(type && { type }) })
const pods = (name: string, content: object, apiVersion = 'apps/v1') =>
  make('Deployment', name, { spec: { app: name, config: `${name}-conf`, ...content } }, apiVersion)
const ports = (name: string, ...numbers: number[]) =>
  make('Service', name, { spec: { ports: numbers.map(port => ({ port })) } })

const noted = (name: string, labels: Record<string, string>): KubeObject => ({
  ...map(name, {}),
  metadata: { name, namespace: 'shop', labels, annotations: { note: `any text of ${name}: !` } },
})

/** The names of the templates that stand for all. */
function sampled(objects: readonly KubeObject[], action: Action = 'create'): string[] {
  return stepsOf(objects, action).flatMap(({ object, role }) =>
    role === 'template' ? object.metadata.name : [],
  )
}

function stepsOf(objects: readonly KubeObject[], action: Action, group = groupAlike) {
  const placement = { mode: 'even', clusters: ['usa'] } as const
  const desired = buildDesired(objects, placement, { identity: shop, run: '', commit: '' })
  const steps = desired.map(each => ({ ...each, action, differences: [], live: undefined }))
  return group(steps).flatMap(([first]) => first ?? [])
}

test.each([
  ['of few objects each is checked', 50, 100],
  ['of many one of those that are alike', 51, 2],
])('%s', (_, count, checked) => {
  const objects = Array.from({ length: count }, (_, at) => map(`a${at}`, {}))
  expect(stepsOf(objects, 'create', groupForCheck)).toHaveLength(checked)
})

test.each<[what: string, objects: KubeObject[], expected: string[]]>([
  ['values', [map('a', { k: '1' }), map('bb', { k: '2' })], ['bb']],
  ['keys', [map('a', { k: '1' }), map('bb', { l: '1', 'm.yaml': '2' })], ['bb']],
  ['keys that no file may have', [map('a', { k: '1' }), map('b', { 'l/m': '1' })], ['a', 'b']],
  ['labels and annotations', [noted('a', { team: 'x' }), noted('bb', { 'a.b/c': 'y' })], ['bb']],
  ['labels that are wrong', [noted('a', { team: 'x' }), noted('b', { team: 'x y' })], ['a', 'b']],
  [
    'labels that a server knows',
    [noted('a', {}), noted('b', { 'pod-security.kubernetes.io/enforce': 'baseline' })],
    ['a', 'b'],
  ],
  ['types of values', [map('a', { k: '1' }), map('b', { k: 2 })], ['a', 'b']],
  ['values of Secrets', [secret('a', { k: 'YQ==' }), secret('bb', { k: 'Yg==' })], ['bb']],
  ['values that are no base64', [secret('a', { k: 'YQ==' }), secret('b', { k: 'no!' })], ['a', 'b']],
  [
    'values of a Secret that is looked into',
    [secret('a', { k: 'YQ==' }, 'x/y'), secret('b', { k: 'Yg==' }, 'x/y')],
    ['a', 'b'],
  ],
  ['very long values', [map('a', { k: 'x'.repeat(600_000) }), map('b', { k: '1' })], ['a', 'b']],
  ['their own names', [pods('web', {}), pods('front', {})], ['front']],
  ['images', [pods('web', { image: 'x:1' }), pods('front', { image: 'y:2' })], ['front']],
  ['images that are none', [pods('a', { image: 'x:1' }), pods('b', { image: '<x>' })], ['a', 'b']],
  [
    'images of a kind of their own',
    [pods('a', { image: 'x:1' }, 'example.com/v1'), pods('b', { image: 'y:1' }, 'example.com/v1')],
    ['a', 'b'],
  ],
  ['replicas', [pods('a', { replicas: 1 }), pods('bb', { replicas: 2 })], ['bb']],
  ['replicas that cannot be', [pods('a', { replicas: 1 }), pods('b', { replicas: -1 })], ['a', 'b']],
  [
    'values of variables',
    [pods('a', { env: { name: 'x', value: '1' } }), pods('bb', { env: { name: 'x', value: 'any!' } })],
    ['bb'],
  ],
  [
    'values of tolerations',
    [pods('a', { for: { key: 'x', value: '1' } }), pods('b', { for: { key: 'x', value: 'any!' } })],
    ['a', 'b'],
  ],
  ['numbers of ports', [ports('a', 80, 81), ports('bb', 90, 91)], ['bb']],
  ['numbers of ports, one twice', [ports('a', 80, 81), ports('b', 90, 90)], ['a', 'b']],
  ['numbers of ports that cannot be', [ports('a', 80), ports('b', 80_000)], ['a', 'b']],
  ['kinds', [make('ServiceAccount', 'a'), make('ConfigMap', 'b')], ['a', 'b']],
  ['names that may not stand everywhere', [map('a', {}), map('a.b', {}), map('9a', {})], ['a', 'a.b', '9a']],
])('of what is new and differs in %s', (_, objects, expected) => {
  expect(sampled(objects).sort()).toEqual(expected.sort())
})

test('what changes stands for itself', () => {
  expect(sampled([map('a', { k: '1' }), map('b', { k: '2' })], 'change')).toEqual(['a', 'b'])
})

test('one policy of a kind stands for those of its namespace', () => {
  const objects = [map('a', {}), map('bb', {}), pods('web', {})]
  const other = { ...map('c', {}), metadata: { name: 'c', namespace: 'more' } }
  for (const action of ['create', 'change'] as const) {
    const policies = stepsOf([...objects, other], action).filter(({ role }) => role === 'policy')
    expect(policies.map(({ object }) => object.metadata.name)).toEqual(['web-deployment', 'c-configmap'])
  }
})
