import type { KubeObject } from '@meridian/kube'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shop } from '../../../../packages/karmada/test/use-identity.ts'
import type { FieldSet } from '../../src/plan/applied-fields.ts'
import { markObject } from '../../src/plan/mark-object.ts'
import { planStep } from '../../src/plan/plan.ts'
import { isStillApplied } from '../../src/plan/still-applied.ts'
import { applied, openStore } from '../applied-object.ts'

const http = 'k:{"port":80,"protocol":"TCP"}'
const dns = 'k:{"port":53,"protocol":"UDP"}'
const ports = [
  { port: 53, protocol: 'UDP' },
  { port: 80, protocol: 'TCP' },
]

describe.each<[what: string, desired: unknown, live: unknown, fields: FieldSet, isStill: boolean]>([
  ['a value', { a: 1 }, { a: 1 }, { 'f:a': {} }, true],
  ['a value that the server writes another way', { cpu: 0.5 }, { cpu: '500m' }, { 'f:cpu': {} }, true],
  ['a value that another has set', { a: 1 }, { a: 2 }, { 'f:z': {} }, false],
  ['a value that another has set to what it was', { a: 1 }, { a: 1 }, { 'f:z': {} }, false],
  ['what others have added', { a: 1 }, { a: 1, b: 2 }, { 'f:a': {} }, true],
  ['null, which states nothing', { a: null }, { a: 1 }, { 'f:z': {} }, true],
  ['a mapping of which no part is left', { m: { a: '1' } }, { m: { a: '2' } }, { 'f:m': {} }, false],
  ['a mapping that is replaced whole', { m: { a: '1' } }, { m: { a: '1' } }, { 'f:m': {} }, true],
  ['an empty mapping', { emptyDir: {} }, { emptyDir: {} }, { 'f:emptyDir': {} }, true],
  ['an empty mapping that another has taken away', { emptyDir: {} }, { hostPath: {} }, { 'f:z': {} }, false],
  ['an empty mapping that the server does not keep', { m: {} }, {}, { 'f:m': {} }, true],
  ['an empty list, which nobody owns', { l: [] }, {}, { 'f:z': {} }, true],
  ['an empty list to which others have added', { l: [] }, { l: ['x'] }, { 'f:z': {} }, false],
  ['a list that is replaced whole', { l: ['x', 'y'] }, { l: ['x', 'y'] }, { 'f:l': {} }, true],
  ['a set', { l: ['x', 'y'] }, { l: ['x', 'y', 'z'] }, { 'f:l': { 'v:"x"': {}, 'v:"y"': {} } }, true],
  ['a set that has lost an item', { l: ['x', 'y'] }, { l: ['y'] }, { 'f:l': { 'v:"y"': {} } }, false],
  [
    'a set in another order',
    { l: ['x', 'y'] },
    { l: ['y', 'x'] },
    { 'f:l': { 'v:"x"': {}, 'v:"y"': {} } },
    false,
  ],
  [
    'items whose keys have defaults',
    { l: [{ port: 53, protocol: 'UDP' }, { port: 80 }] },
    { l: ports },
    { 'f:l': { [http]: { '.': {}, 'f:port': {} }, [dns]: { '.': {}, 'f:port': {}, 'f:protocol': {} } } },
    true,
  ],
  [
    'an item that another has taken away',
    { l: [{ port: 53, protocol: 'UDP' }, { port: 80 }] },
    { l: [{ port: 53, protocol: 'UDP' }] },
    { 'f:l': { [dns]: { '.': {}, 'f:port': {}, 'f:protocol': {} } } },
    false,
  ],
  [
    'an item of which another has set a part',
    { l: [{ name: 'web', image: 'web:1' }] },
    { l: [{ name: 'web', image: 'web:2' }] },
    { 'f:l': { 'k:{"name":"web"}': { '.': {}, 'f:name': {} } } },
    false,
  ],
  [
    'an item among those of others',
    { l: [{ name: 'web' }] },
    { l: [{ name: 'side' }, { name: 'web' }] },
    { 'f:l': { 'k:{"name":"web"}': { '.': {}, 'f:name': {} } } },
    true,
  ],
])('%s', (_, desired, live, fields, isStill) => {
  test(isStill ? 'is still as it was applied' : 'is not as it was applied', () => {
    expect(isStillApplied(desired, live, fields)).toBe(isStill)
  })
})

test('nothing is as it was applied where nothing was', () => {
  expect(isStillApplied({ a: 1 }, { a: 1 }, undefined)).toBe(false)
})

const deployment: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels: { tier: 'front' }, annotations: { note: 'x' } },
  spec: {
    replicas: 3,
    revisionHistoryLimit: 5,
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: '25%' } },
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web', version: 'v1' } },
      spec: {
        terminationGracePeriodSeconds: 10,
        nodeSelector: { disk: 'ssd' },
        volumes: [
          { name: 'tmp', emptyDir: {} },
          { name: 'conf', configMap: { name: 'web' } },
        ],
        containers: [
          {
            name: 'web',
            image: 'web:1',
            args: ['--a', '--b'],
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '2' },
            ],
            ports: [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }],
            resources: { requests: { cpu: '0.5', memory: '0.5Gi' } },
            volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
          },
          { name: 'side', image: 'side:1' },
        ],
      },
    },
  },
}
const service: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    selector: { app: 'web' },
    ports: [
      { name: 'http', port: 80 },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
  },
}
const secret: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'web', namespace: 'shop' },
  type: 'Opaque',
  data: { password: 'YQ==', user: 'Yg==' },
}
const role: KubeObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'web', namespace: 'shop' },
  rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }],
}

type Path = readonly (string | number)[]
/** Where values are, and the whole items of lists. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const children = Object.entries(value).flatMap(([key, child]) =>
    pathsOf(child, [...path, Array.isArray(value) ? Number(key) : key]),
  )
  return Array.isArray(value) ? [...children, ...value.map((_, at) => [...path, at])] : children
}

function parentOf(object: unknown, path: Path): Record<string | number, unknown> {
  return path.slice(0, -1).reduce((at, key) => (at as Record<string | number, unknown>)[key], object) as never
}

// A port of another number or protocol is another item of its list, see below.
const isChangeable = ([top, second, ...more]: Path) =>
  top !== 'apiVersion' &&
  top !== 'kind' &&
  !(top === 'metadata' && ['name', 'namespace'].includes(String(second))) &&
  !(second === 'ports' && ['port', 'protocol'].includes(String(more[1])))

/** Somebody sets another value, or takes away what is there. Where the server refuses it, nothing has changed. */
function edit(object: KubeObject, path: Path, how: 'set' | 'remove'): void {
  const [parent, last] = [parentOf(object, path), path.at(-1) ?? '']
  if (how === 'remove') {
    if (Array.isArray(parent)) parent.splice(Number(last), 1)
    else delete parent[last]
  } else if (typeof parent[last] === 'number') parent[last] = Number(parent[last]) + 1
  else if (typeof parent[last] === 'string')
    parent[last] = /=$/.test(parent[last]) ? 'eno=' : `${parent[last]}0`
  else fc.pre(false)
}

const envOf = (spec: unknown) =>
  parentOf(spec, ['template', 'spec', 'containers', 0, 'env', '']) as unknown as object[]

/** What others may add to an object without touching what is ours. */
const additions: Record<string, (object: KubeObject) => void> = {
  label: ({ metadata }) => Object.assign(metadata, { labels: { ...metadata.labels, team: 'a' } }),
  annotation: ({ metadata }) =>
    Object.assign(metadata, { annotations: { ...metadata.annotations, by: 'a' } }),
  finalizer: ({ metadata }) => Object.assign(metadata, { finalizers: ['example.com/hold'] }),
  'a field of the spec': ({ kind, spec }) =>
    Object.assign(spec ?? {}, kind === 'Deployment' && { minReadySeconds: 7, paused: true }),
  'an item of a list': ({ kind, spec }) => {
    if (kind === 'Service') (spec as { ports: object[] }).ports.push({ name: 'more', port: 81 })
    if (kind === 'Deployment') envOf(spec).push({ name: 'C', value: '3' })
  },
  'a key of the data': object => Object.assign(object.data ?? {}, { more: 'Yw==' }),
}

const marks = { identity: { ...shop, app: 'web' }, run: '', commit: '' }
const desire = (object: KubeObject) =>
  ({ object: markObject(object, marks), tier: 3, role: 'template' }) as const
const objects = fc.constantFrom(deployment, service, secret, role)

describe('of an object that was applied and is in the manifests as it was', () => {
  test.each([deployment, service, secret, role])('nothing is written: $kind', object => {
    expect(planStep(desire(object), applied(desire(object).object)).action).toBe('keep')
  })

  test('whatever another changes of what it states is written back', () => {
    const change = objects.chain(object =>
      fc.tuple(
        fc.constant(object),
        fc.constantFrom(...pathsOf(desire(object).object).filter(isChangeable)),
        fc.constantFrom<'set' | 'remove'>('set', 'remove'),
        fc.subarray(Object.keys(additions)),
      ),
    )
    fc.assert(
      fc.property(change, ([object, path, how, more]) => {
        const store = openStore()
        const desired = desire(object)
        const before = applied(desired.object, store)
        const { kind, metadata } = object
        const write = (by: string, draft: (object: KubeObject) => void) =>
          store.modify(kind, 'shop', metadata.name, draft as never, { manager: by })
        const changed = attempt(() => write('kubectl', live => edit(live, path, how)))
        fc.pre(changed !== undefined && JSON.stringify(changed) !== JSON.stringify(before))
        for (const name of more) attempt(() => write('others', additions[name] ?? (() => {})))
        const live = store.get(kind, 'shop', metadata.name)
        expect(planStep(desired, live).action).toBe('change')
        expect(planStep(desired, applied(desired.object, store)).action).toBe('keep')
      }),
      { numRuns: 200 },
    )
  })

  // Kubernetes itself merges the two ports, and then finds the name twice.
  test('a port to which another has given another number is stated again, and refused', () => {
    const store = openStore()
    const desired = desire(service)
    applied(desired.object, store)
    const renumber = (live: KubeObject) => edit(live, ['spec', 'ports', 0, 'port'], 'set')
    store.modify('Service', 'shop', 'web', renumber as never, { manager: 'kubectl' })
    expect(planStep(desired, store.get('Service', 'shop', 'web')).action).toBe('change')
    expect(() => applied(desired.object, store)).toThrow('spec.ports[1].name: Duplicate value: "http"')
  })

  test('nothing is written when others add to it', () => {
    fc.assert(
      fc.property(objects, fc.subarray(Object.keys(additions)), (object, more) => {
        const store = openStore()
        const desired = desire(object)
        applied(desired.object, store)
        for (const name of more)
          store.modify(object.kind, 'shop', 'web', (additions[name] ?? (() => {})) as never, {
            manager: 'others',
          })
        expect(planStep(desired, store.get(object.kind, 'shop', 'web')).action).toBe('keep')
      }),
    )
  })
})

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
