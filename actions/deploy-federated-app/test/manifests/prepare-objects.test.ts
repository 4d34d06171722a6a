import type { KubeObject } from '@meridian/kube'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shop } from '../../../../packages/karmada/test/use-identity.ts'
import { type Preparation, prepareObjects } from '../../src/manifests/prepare-objects.ts'
import { buildDesired } from '../../src/plan/build-desired.ts'

const how: Preparation = { namespace: 'shop', images: [], pullSecrets: [], allowedKinds: undefined }
const namespaced = (object: KubeObject) => object.kind !== 'ClusterRole'
const prepare = (objects: KubeObject[], change: Partial<Preparation> = {}) =>
  prepareObjects(objects, { ...how, ...change }, namespaced)

const object = (kind: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'a' },
  ...more,
})
const deployment = (image: string) =>
  object('Deployment', {
    apiVersion: 'apps/v1',
    spec: {
      template: { spec: { containers: [{ name: 'c', image }], initContainers: [{ name: 'i', image }] } },
    },
  })

describe('objects', () => {
  test('get the namespace unless they state one or are in none', () => {
    const { objects } = prepare([
      object('ConfigMap'),
      object('Service', { metadata: { name: 'a', namespace: 'own' } }),
      object('ClusterRole', { metadata: { name: 'a', namespace: 'own' } }),
    ])
    expect(objects.map(({ metadata }) => metadata.namespace)).toEqual(['shop', 'own', undefined])
  })

  test('lose what only servers set', () => {
    const metadata = {
      name: 'a',
      uid: 'u',
      resourceVersion: '1',
      generation: 2,
      creationTimestamp: 'now',
      managedFields: [],
    }
    const { objects } = prepare([object('Service', { metadata, status: { loadBalancer: {} } })])
    expect(objects).toEqual([object('Service', { metadata: { name: 'a', namespace: 'shop' } })])
  })

  test('that are Secrets have their text as it is stored', () => {
    const { objects } = prepare([object('Secret', { data: { a: 'QQ==' }, stringData: { b: 'B' } })])
    expect(objects[0]).toEqual(
      object('Secret', { metadata: { name: 'a', namespace: 'shop' }, data: { a: 'QQ==', b: 'Qg==' } }),
    )
  })

  test('do not change what they are made of', () => {
    const given = deployment('web:1')
    prepare([given], { images: [{ name: 'web', reference: 'web:2' }] })
    expect(given).toEqual(deployment('web:1'))
  })
})

describe('images', () => {
  test.each(['web', 'web:1', 'web:1@sha256:abc'])('named %s are replaced in all containers', image => {
    const { objects, problems } = prepare([deployment(image)], {
      images: [{ name: 'web', reference: 'ghcr.io/web:2' }],
    })
    expect(problems).toEqual([])
    expect(JSON.stringify(objects).match(/ghcr\.io\/web:2/g)).toHaveLength(2)
  })

  test('are replaced in volumes that are made of one', () => {
    const volumes = [
      { name: 'a', emptyDir: {} },
      { name: 'model', image: { reference: 'model:1' } },
    ]
    const images = [{ name: 'model', reference: 'ghcr.io/model:2' }]
    const { objects, problems } = prepare([object('Pod', { spec: { volumes } })], { images })
    expect(problems).toEqual([])
    expect(objects[0]?.spec).toMatchObject({ volumes: [{}, { image: { reference: 'ghcr.io/model:2' } }] })
  })

  test('of a registry with a port are told from their tag', () => {
    const images = [{ name: 'localhost:5000/web', reference: 'web:2' }]
    expect(JSON.stringify(prepare([deployment('localhost:5000/web:1')], { images }).objects)).toContain(
      '"web:2"',
    )
  })

  test('that nothing has are a problem', () => {
    const { problems } = prepare([deployment('web:1')], { images: [{ name: 'other', reference: 'x:1' }] })
    expect(problems).toEqual([
      "no container or volume has the image 'other' that the input images replaces: they have web",
    ])
  })

  test.each(['$IMAGE', '<your-image>', 'Web:1', 'web:1 ', 'http://ghcr.io/me/web', 'web:'])(
    'that nobody can pull are a problem: %s',
    image => {
      const { problems } = prepare([deployment(image)])
      expect(problems).toEqual([
        expect.stringContaining(`has the image '${image}', which is no reference such as`),
      ])
    },
  )

  test.each([
    'web',
    'GHCR.io:443/me/web:v1',
    `a/b__c@sha256:${'a'.repeat(64)}`,
    `web:1.0_x@sha256:${'b'.repeat(64)}`,
  ])('that somebody could pull are none: %s', image =>
    expect(prepare([deployment(image)]).problems).toEqual([]),
  )

  test('are found in CronJobs and Pods too', () => {
    const pod = { containers: [{ image: 'web:1' }] }
    const cron = object('CronJob', { spec: { jobTemplate: { spec: { template: { spec: pod } } } } })
    const { objects } = prepare([cron, object('Pod', { spec: pod })], {
      images: [{ name: 'web', reference: 'web:2' }],
    })
    expect(JSON.stringify(objects).match(/web:2/g)).toHaveLength(2)
  })
})

test.each(['test', 'pre-install,pre-upgrade', 'post-delete', 'crd-install'])(
  'a hook of Helm (%s) is refused, with how to render the chart without',
  hook => {
    const given = object('Pod', { metadata: { name: 'a', annotations: { 'helm.sh/hook': hook } } })
    expect(prepare([given]).problems).toEqual([
      expect.stringMatching(/^Pod shop\/a is a hook of Helm \(.*--no-hooks/),
    ])
  },
)

test('pull secrets are added to every pod, once', () => {
  const given = object('Deployment', { spec: { template: { spec: { imagePullSecrets: [{ name: 'x' }] } } } })
  const { objects } = prepare([given], { pullSecrets: ['x', 'y'] })
  expect(objects[0]?.spec).toEqual({
    template: { spec: { imagePullSecrets: [{ name: 'x' }, { name: 'y' }] } },
  })
})

test('whatever stands where a pod or a Service should be, nothing breaks on it', () => {
  const kinds = fc.constantFrom('Deployment', 'CronJob', 'Pod', 'Service', 'Secret')
  const fields = fc.record({ spec: fc.jsonValue(), data: fc.jsonValue(), stringData: fc.jsonValue() })
  const pod = fc.record({
    containers: fc.jsonValue(),
    volumes: fc.jsonValue(),
    imagePullSecrets: fc.jsonValue(),
  })
  fc.assert(
    fc.property(kinds, fields, pod, fc.jsonValue(), (kind, more, spec, ports) => {
      const images = [{ name: 'a', reference: 'b' }]
      const given = [
        object(kind, more),
        object(kind, {
          metadata: { name: 'b' },
          spec: { ...spec, template: { spec }, ports, type: 'NodePort' },
        }),
      ]
      const { objects } = prepare(given, { images, pullSecrets: ['x'] })
      buildDesired(objects, { mode: 'even', clusters: ['usa'] }, { identity: shop, run: '', commit: '' })
    }),
  )
})

describe('what is refused', () => {
  test.each([
    [
      'a policy of Karmada',
      object('PropagationPolicy', { apiVersion: 'policy.karmada.io/v1alpha1' }),
      'steers the federation itself',
    ],
    [
      'a namespace that is not propagated',
      object('ConfigMap', { metadata: { name: 'a', namespace: 'kube-system' } }),
      'would not reach the members',
    ],
    [
      'a namespace that Karmada keeps to itself',
      object('Namespace', { metadata: { name: 'karmada-es-usa' } }),
      'would not reach the members',
    ],
  ])('%s', (_, given, message) => {
    expect(prepare([given]).problems.join()).toContain(message)
  })

  test('but no namespace that merely sounds like one of Karmada', () => {
    const inside = object('ConfigMap', { metadata: { name: 'a', namespace: 'karmada-shop' } })
    expect(prepare([object('Namespace', { metadata: { name: 'karmada-shop' } }), inside]).problems).toEqual(
      [],
    )
  })

  test('a kind that is not allowed', () => {
    const { problems } = prepare([object('Secret')], { allowedKinds: ['ConfigMap'] })
    expect(problems).toEqual(['Secret shop/a is not of an allowed kind (ConfigMap)'])
  })

  test('one object twice, and two that Karmada cannot tell apart', () => {
    const other = object('Service', { apiVersion: 'serving.example.com/v1' })
    expect(prepare([object('Service'), other]).problems.join()).toContain(
      'would share one binding of Karmada',
    )
    expect(prepare([object('Service'), object('Service')]).problems).toEqual([
      'Service shop/a is there twice',
    ])
    const roles = ['a:b', 'a.b'].map(name => object('ClusterRole', { metadata: { name } }))
    expect(prepare(roles).problems.join()).toContain('would share one binding')
  })

  test('a name that leaves no room for the kind', () => {
    const long = object('ConfigMap', { metadata: { name: 'a'.repeat(250) } })
    expect(prepare([long]).problems.join()).toContain('too long for Karmada')
  })
})
