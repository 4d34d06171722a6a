import type { KubeObject } from '@meridian/lab-kube-api'
import { numberAt, textAt, valueAt } from '@meridian/lab-world/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually, type Member, startMember, startTestWorld } from '../testing/test-world.ts'

const testWorld = startTestWorld()
const apps = '/apis/apps/v1/namespaces/default'
let usa: Member

beforeAll(async () => {
  usa = await startMember(testWorld, 'usa')
})

afterAll(() => testWorld.close())

function workload(name: string, spec: object = {}, pod: object = {}): object {
  const labels = { app: name }
  const containers = [{ name, image: 'nginx:1.29' }]
  const template = { metadata: { labels }, spec: { containers, ...pod } }
  return { metadata: { name }, spec: { selector: { matchLabels: labels }, template, ...spec } }
}

async function until(path: string, holds: (object: KubeObject) => boolean): Promise<KubeObject> {
  return eventually(async () => {
    const { status, body } = await usa.admin('GET', path)
    return status === 200 && holds(body) ? body : undefined
  })
}

async function podsOf(app: string): Promise<KubeObject[]> {
  const { body } = await usa.admin('GET', `/api/v1/namespaces/default/pods?labelSelector=app%3D${app}`)
  return body.items ?? []
}

const imageOf = (pod: KubeObject) => textAt(pod, 'spec', 'containers', 0, 'image')

async function setImage(path: string, name: string): Promise<void> {
  const spec = { template: { spec: { containers: [{ name, image: 'nginx:1.30' }] } } }
  await usa.admin('PATCH', path, { spec }, 'application/strategic-merge-patch+json')
}

async function revisionNumbers(app: string): Promise<number[]> {
  const { body } = await usa.admin('GET', `${apps}/controllerrevisions?labelSelector=app%3D${app}`)
  return (body.items ?? []).map(each => numberAt(each, 'revision')).sort()
}

describe('a DaemonSet', () => {
  test('has a pod on every node that takes it', async () => {
    await usa.admin('POST', `${apps}/daemonsets`, workload('agent'))
    const set = await until(`${apps}/daemonsets/agent`, each => numberAt(each, 'status', 'numberReady') === 1)
    expect(set.status).toEqual({
      currentNumberScheduled: 1,
      desiredNumberScheduled: 1,
      numberMisscheduled: 0,
      numberReady: 1,
      numberAvailable: 1,
      updatedNumberScheduled: 1,
      observedGeneration: 1,
    })
    expect((await podsOf('agent')).map(pod => textAt(pod, 'spec', 'nodeName'))).toEqual(['i-0usa2222'])
  })

  test('has one on the control plane too where it tolerates that', async () => {
    const tolerations = [{ operator: 'Exists' }]
    await usa.admin('POST', `${apps}/daemonsets`, workload('everywhere', {}, { tolerations }))
    await until(`${apps}/daemonsets/everywhere`, each => numberAt(each, 'status', 'numberReady') === 2)
    expect((await podsOf('everywhere')).map(pod => textAt(pod, 'spec', 'nodeName')).sort()).toEqual([
      'i-0usa1111',
      'i-0usa2222',
    ])
  })

  test('replaces its pods when its template changes, and remembers what it was', async () => {
    await usa.admin('POST', `${apps}/daemonsets`, workload('rolled'))
    await until(`${apps}/daemonsets/rolled`, each => numberAt(each, 'status', 'numberReady') === 1)
    await setImage(`${apps}/daemonsets/rolled`, 'rolled')
    await until(
      `${apps}/daemonsets/rolled`,
      ({ status }) => numberAt(status, 'observedGeneration') === 2 && numberAt(status, 'numberReady') === 1,
    )
    expect((await podsOf('rolled')).map(imageOf)).toEqual(['nginx:1.30'])
    expect(await revisionNumbers('rolled')).toEqual([1, 2])
  })
})

describe('a StatefulSet', () => {
  const path = `${apps}/statefulsets`

  test('replaces its pods from the last to the first when its template changes', async () => {
    await usa.admin('POST', path, workload('ordered', { replicas: 2, serviceName: 'ordered' }))
    await until(`${path}/ordered`, each => numberAt(each, 'status', 'readyReplicas') === 2)
    const made: string[] = []
    const stop = testWorld.host.clusters()[0]?.store.watch('Pod', ({ type, object }) => {
      if (type === 'ADDED' && imageOf(object) === 'nginx:1.30') made.push(object.metadata.name)
    })
    await setImage(`${path}/ordered`, 'ordered')
    const done = await until(
      `${path}/ordered`,
      ({ status }) => numberAt(status, 'updatedReplicas') === 2 && numberAt(status, 'readyReplicas') === 2,
    )
    stop?.()
    expect(made.filter(name => name.startsWith('ordered'))).toEqual(['ordered-1', 'ordered-0'])
    expect(valueAt(done, 'status', 'currentRevision')).toBe(valueAt(done, 'status', 'updateRevision'))
    expect(await revisionNumbers('ordered')).toEqual([1, 2])
  })

  test('leaves the pods before its partition as they are', async () => {
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 1 } }
    await usa.admin('POST', path, workload('parted', { replicas: 2, serviceName: 'parted', updateStrategy }))
    await until(`${path}/parted`, each => numberAt(each, 'status', 'readyReplicas') === 2)
    await setImage(`${path}/parted`, 'parted')
    await until(
      `${path}/parted`,
      ({ status }) => numberAt(status, 'updatedReplicas') === 1 && numberAt(status, 'readyReplicas') === 2,
    )
    expect((await podsOf('parted')).map(imageOf)).toEqual(['nginx:1.29', 'nginx:1.30'])
  })
})
