import { type Client, eventually, type Member, startMember } from '@meridian/lab-clusters/testing'
import type { KubeObject } from '@meridian/lab-kube-api'
import { listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { workName } from '../names.ts'
import { installKarmada, startFederationWorld } from '../testing/federation.ts'
import { joinMember, untilJoined } from '../testing/join.ts'
import { deployApp, divided, healthyBinding, post, readBinding, replicasOf } from './app.ts'

const testWorld = startFederationWorld()
const policies = '/apis/policy.karmada.io/v1alpha1/namespaces/default'
const apps = '/apis/apps/v1/namespaces/default/deployments'
const core = '/api/v1/namespaces/default'
const merge = 'application/merge-patch+json'
let usa: Member
let eur: Member
let fed: Client

beforeAll(async () => {
  ;[usa, eur] = await Promise.all([startMember(testWorld, 'usa'), startMember(testWorld, 'eur')])
  fed = await installKarmada(testWorld, usa)
  await joinMember(fed, 'usa', usa)
  await joinMember(fed, 'eur', eur)
  await Promise.all(['usa', 'eur'].map(alias => untilJoined(fed, alias)))
  await deployApp(fed, { name: 'web' })
  await eventually(() => healthyBinding(fed, 'web-deployment', ['eur', 'usa']))
  await eventually(() => healthyBinding(fed, 'web-service', ['eur', 'usa']))
})

afterAll(() => testWorld.close())

const works = (cluster: string) => `/apis/work.karmada.io/v1alpha1/namespaces/karmada-es-${cluster}/works`

async function workOf(
  kind: string,
  name: string,
  cluster = 'eur',
  namespace: string | undefined = 'default',
) {
  return (await fed('GET', `${works(cluster)}/${workName(kind, name, namespace)}`)).body
}

async function reasonsAbout(object: KubeObject): Promise<string[]> {
  const { body } = await fed('GET', '/api/v1/events')
  const about = (body.items ?? []).filter(
    event => textAt(event, 'involvedObject', 'uid') === object.metadata.uid,
  )
  return about.map(event => textAt(event, 'reason'))
}

test('a Cluster reports first what it serves, then that it is ready, and what its nodes have', async () => {
  const { body } = await fed('GET', '/apis/cluster.karmada.io/v1alpha1/clusters/eur')
  expect(listAt(body, 'status', 'conditions').map(each => textAt(each, 'type'))).toEqual([
    'CompleteAPIEnablements',
    'Ready',
  ])
  expect(valueAt(body, 'status', 'resourceSummary')).toEqual({
    allocatable: expect.objectContaining({ 'ephemeral-storage': expect.stringMatching(/^\d+$/) }),
    allocating: expect.any(Object),
    allocated: expect.any(Object),
  })
  expect(await reasonsAbout(body)).toEqual(
    expect.arrayContaining([
      'CreateExecutionSpaceSucceed',
      'TaintClusterSucceed',
      'SyncImpersonationConfigSucceed',
    ]),
  )
})

describe('a Work', () => {
  test('is dispatched, then applied, and names the object without its resource', async () => {
    const { status } = await workOf('Deployment', 'web')
    expect(listAt(status, 'conditions').map(each => [textAt(each, 'type'), textAt(each, 'status')])).toEqual([
      ['Dispatching', 'True'],
      ['Applied', 'True'],
    ])
    expect(listAt(status, 'manifestStatuses')).toMatchObject([
      {
        identifier: { ordinal: 0, group: 'apps', version: 'v1', kind: 'Deployment', resource: '' },
        health: 'Healthy',
      },
    ])
  })

  test('says whose it is and how it is to be carried out, and so does its manifest', async () => {
    const binding = await readBinding(fed, 'web-deployment')
    const id = binding?.metadata.labels?.['resourcebinding.karmada.io/permanent-id']
    const { metadata, spec } = await workOf('Deployment', 'web')
    const workId = metadata.labels?.['work.karmada.io/permanent-id']
    expect(metadata.labels).toEqual({
      'resourcebinding.karmada.io/permanent-id': id,
      'work.karmada.io/permanent-id': workId,
    })
    const owner = {
      'resourcebinding.karmada.io/name': 'web-deployment',
      'resourcebinding.karmada.io/namespace': 'default',
      'work.karmada.io/conflict-resolution': 'abort',
    }
    expect(metadata.annotations).toEqual(owner)
    expect(spec).toMatchObject({ suspendDispatching: false, preserveResourcesOnDeletion: false })
    const manifest = valueAt(spec, 'workload', 'manifests', 0)
    expect(valueAt(manifest, 'metadata')).toMatchObject({
      labels: {
        'karmada.io/managed': 'true',
        'resourcebinding.karmada.io/permanent-id': id,
        'work.karmada.io/permanent-id': workId,
      },
      annotations: {
        ...owner,
        'resourcetemplate.karmada.io/managed-labels':
          'karmada.io/managed,propagationpolicy.karmada.io/permanent-id,resourcebinding.karmada.io/permanent-id,work.karmada.io/permanent-id',
      },
    })
  })

  test('records the overrides that it was made with', async () => {
    const { metadata } = await workOf('Service', 'web')
    expect(JSON.parse(metadata.annotations?.['policy.karmada.io/applied-overrides'] ?? '')).toMatchObject([
      {
        policyName: 'web',
        overriders: { plaintext: [{ path: '/spec/ports/0/nodePort', operator: 'remove' }] },
      },
    ])
  })

  test('of what Karmada itself sends belongs to its Cluster, and is healthy', async () => {
    const work = await workOf('ClusterRole', 'karmada-impersonator', 'eur', '')
    expect(work.metadata.ownerReferences).toMatchObject([{ kind: 'Cluster', name: 'eur', controller: true }])
    expect(textAt(work, 'status', 'manifestStatuses', 0, 'health')).toBe('Healthy')
  })

  test('takes a label off its object that the template has lost', async () => {
    const has = async () =>
      (await eur.admin('GET', `${core}/services/web`)).body.metadata.labels?.team === 'shop'
    await fed('PATCH', `${core}/services/web`, { metadata: { labels: { team: 'shop' } } }, merge)
    await eventually(async () => (await has()) || undefined)
    await fed('PATCH', `${core}/services/web`, { metadata: { labels: { team: null } } }, merge)
    await eventually(async () => !(await has()) || undefined)
  })
})

test('a template and its binding have the events of their way', async () => {
  const template = (await fed('GET', `${apps}/web`)).body
  expect(await reasonsAbout(template)).toEqual(
    expect.arrayContaining([
      'GetReplicasSucceed',
      'ApplyPolicySucceed',
      'ScheduleBindingSucceed',
      'GetDependenciesSucceed',
      'SyncWorkSucceed',
      'SyncSucceed',
      'AggregateStatusSucceed',
    ]),
  )
  expect(await reasonsAbout((await fed('GET', `${core}/services/web`)).body)).toContain(
    'ApplyOverridePolicySucceed',
  )
  const work = await workOf('Deployment', 'web')
  expect(await reasonsAbout(work)).toEqual(
    expect.arrayContaining([
      'WorkDispatching',
      'SyncSucceed',
      'ReflectStatusSucceed',
      'InterpretHealthSucceed',
    ]),
  )
})

test('a binding with dependencies lists them, and is held until they are let go', async () => {
  const binding = await readBinding(fed, 'web-deployment')
  expect(binding?.metadata.finalizers).toEqual([
    'karmada.io/binding-controller',
    'karmada.io/binding-dependencies-distributor',
  ])
  expect(
    JSON.parse(binding?.metadata.annotations?.['resourcebinding.karmada.io/dependencies'] ?? ''),
  ).toEqual([{ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'web-settings' }])
})

describe('a policy', () => {
  const selected = (kind: string, name: string, more: object = {}) => ({
    metadata: { name },
    spec: {
      resourceSelectors: [{ apiVersion: kind === 'Job' ? 'batch/v1' : 'v1', kind, name }],
      placement: { replicaScheduling: divided },
      ...more,
    },
  })
  const pods = { containers: [{ name: 'work', image: 'busybox' }], restartPolicy: 'Never' }

  test('sends a Job of one pod and a bare Pod to one member', async () => {
    await post(fed, `${policies}/propagationpolicies`, selected('Job', 'once'))
    await post(fed, `${policies}/propagationpolicies`, selected('Pod', 'lone'))
    await post(fed, '/apis/batch/v1/namespaces/default/jobs', {
      metadata: { name: 'once' },
      spec: { template: { spec: pods } },
    })
    await post(fed, `${core}/pods`, { metadata: { name: 'lone' }, spec: pods })
    for (const name of ['once-job', 'lone-pod']) {
      const binding = await eventually(async () => {
        const found = await readBinding(fed, name)
        return listAt(found, 'status', 'aggregatedStatus').some(each => valueAt(each, 'applied'))
          ? found
          : undefined
      })
      expect(Object.values(replicasOf(binding))).toEqual([1])
    }
  })

  test('sends a Job that goes, template and all, as long after its end as it says', async () => {
    await post(fed, `${policies}/propagationpolicies`, selected('Job', 'passing'))
    const jobs = '/apis/batch/v1/namespaces/default/jobs'
    await post(fed, jobs, {
      metadata: { name: 'passing' },
      spec: { ttlSecondsAfterFinished: 1, template: { spec: pods } },
    })
    await eventually(async () => ((await fed('GET', `${jobs}/passing`)).status === 404 ? true : undefined))
    await eventually(async () => ((await readBinding(fed, 'passing-job')) ? undefined : true))
  })

  test('is known by an id of its own, which all that it has claimed has', async () => {
    const { body } = await fed('GET', `${policies}/propagationpolicies/web`)
    const label = 'propagationpolicy.karmada.io/permanent-id'
    expect(body.metadata.labels?.[label]).toMatch(/^[0-9a-f-]{36}$/)
    expect(body.metadata.labels?.[label]).not.toBe(body.metadata.uid)
    expect(body.metadata.finalizers).toEqual(['karmada.io/propagation-policy-controller'])
    const claimed = [(await fed('GET', `${apps}/web`)).body, await readBinding(fed, 'web-deployment')]
    expect(claimed.map(each => each?.metadata.labels?.[label])).toEqual(
      claimed.map(() => body.metadata.labels?.[label]),
    )
  })

  test('lets go of what it does not select any more', async () => {
    const map = `${core}/configmaps/loose`
    await post(fed, `${core}/configmaps`, { metadata: { name: 'loose' }, data: {} })
    await post(fed, `${policies}/propagationpolicies`, selected('ConfigMap', 'loose'))
    const claims = async () => {
      const { labels = {}, annotations = {} } = (await fed('GET', map)).body.metadata
      return [...Object.keys(labels), ...Object.keys(annotations)].filter(key =>
        key.includes('policy.karmada'),
      )
    }
    await eventually(async () => (await claims()).length === 3 || undefined)
    const resourceSelectors = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'other' }]
    await fed('PATCH', `${policies}/propagationpolicies/loose`, { spec: { resourceSelectors } }, merge)
    await eventually(async () => (await claims()).length === 0 || undefined)
  })

  test('that preserves leaves what members have without any mark of Karmada', async () => {
    const preserved = selected('ConfigMap', 'kept', { preserveResourcesOnDeletion: true })
    await post(fed, `${policies}/propagationpolicies`, preserved)
    await post(fed, `${core}/configmaps`, { metadata: { name: 'kept', labels: { team: 'shop' } } })
    const there = () => eur.admin('GET', `${core}/configmaps/kept`)
    await eventually(async () => (await there()).status === 200 || undefined)
    await fed('DELETE', `${core}/configmaps/kept`)
    const { labels, annotations } = await eventually(async () => {
      const { metadata } = (await there()).body
      return metadata.labels?.['karmada.io/managed'] ? undefined : metadata
    })
    expect(labels).toEqual({ team: 'shop' })
    expect(annotations).toEqual({ 'work.karmada.io/conflict-resolution': 'abort' })
  })
})
