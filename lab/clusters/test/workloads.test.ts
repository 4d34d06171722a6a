import type { KubeObject } from '@meridian/lab-kube-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually, type Member, startMember, startTestWorld } from '../testing/test-world.ts'

const testWorld = startTestWorld()
const apps = '/apis/apps/v1/namespaces/default'
const core = '/api/v1/namespaces/default'
let usa: Member

beforeAll(async () => {
  usa = await startMember(testWorld, 'usa')
})

afterAll(() => testWorld.close())

function workload(name: string, image = 'nginx:1.29', replicas = 2): object {
  const labels = { app: name }
  const containers = [{ name, image }]
  const spec = {
    replicas,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers } },
  }
  return { metadata: { name }, spec }
}

async function until(path: string, holds: (object: KubeObject) => boolean): Promise<KubeObject> {
  return eventually(async () => {
    const { status, body } = await usa.admin('GET', path)
    return status === 200 && holds(body) ? body : undefined
  })
}

async function messages(name: string): Promise<string[]> {
  const { body } = await usa.admin('GET', `${core}/events`)
  const about = (body.items ?? []).filter(each => (each.involvedObject as { name: string }).name === name)
  return about.map(each => String(each.message))
}

const available = (count: number) => (object: KubeObject) =>
  (object.status as { availableReplicas?: number } | undefined)?.availableReplicas === count

describe('a Deployment', () => {
  test('becomes available through ready pods on the worker', async () => {
    await usa.admin('POST', `${apps}/deployments`, workload('web'))
    const deployment = await until(`${apps}/deployments/web`, available(2))
    expect(deployment.status).toMatchObject({
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      conditions: [
        { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
        { type: 'Progressing', status: 'True' },
      ],
    })
    const { body } = await usa.admin('GET', `${core}/pods?labelSelector=app%3Dweb`)
    expect(body.items?.map(pod => (pod.spec as { nodeName: string }).nodeName)).toEqual([
      'i-0usa2222',
      'i-0usa2222',
    ])
    expect(await messages('web')).toContainEqual(
      expect.stringMatching(/^Scaled up replica set web-\w+ from 0 to 2$/),
    )
  })

  test('replaces its pods when its image changes', async () => {
    await usa.admin('POST', `${apps}/deployments`, workload('rolled'))
    await until(`${apps}/deployments/rolled`, available(2))
    const spec = { template: { spec: { containers: [{ name: 'rolled', image: 'nginx:1.30' }] } } }
    await usa.admin('PATCH', `${apps}/deployments/rolled`, { spec }, 'application/strategic-merge-patch+json')
    const pods = await eventually(async () => {
      const { body } = await usa.admin('GET', `${core}/pods?labelSelector=app%3Drolled`)
      const images = (body.items ?? []).map(
        pod => (pod.spec as { containers: { image: string }[] }).containers[0]?.image,
      )
      return images.length === 2 && images.every(image => image === 'nginx:1.30') ? images : undefined
    })
    expect(pods).toHaveLength(2)
  })

  test('takes its pods along when it goes', async () => {
    await usa.admin('POST', `${apps}/deployments`, workload('gone'))
    await until(`${apps}/deployments/gone`, available(2))
    await usa.admin('DELETE', `${apps}/deployments/gone`)
    const left = await eventually(async () => {
      const { body } = await usa.admin('GET', `${core}/pods?labelSelector=app%3Dgone`)
      return body.items?.length === 0 ? body.items : undefined
    })
    expect(left).toEqual([])
  })

  test('that asks for more than a node has stays pending, and the scheduler says why', async () => {
    const template = workload('greedy', 'nginx:1.29', 1) as {
      spec: { template: { spec: { containers: object[] } } }
    }
    template.spec.template.spec.containers = [
      { name: 'greedy', image: 'nginx', resources: { requests: { cpu: '8' } } },
    ]
    await usa.admin('POST', `${apps}/deployments`, template)
    const message = await eventually(async () => {
      const { body } = await usa.admin('GET', `${core}/events`)
      return body.items?.find(each => each.reason === 'FailedScheduling')?.message as string | undefined
    })
    expect(message).toBe(
      '0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }.',
    )
  })
})

describe('a Deployment that does not get anywhere', () => {
  test('starts as soon as the ConfigMap exists that its pods need', async () => {
    const template = workload('needy', 'nginx:1.29', 1) as {
      spec: { template: { spec: { containers: object[] } } }
    }
    const envFrom = [{ configMapRef: { name: 'settings' } }]
    template.spec.template.spec.containers = [{ name: 'needy', image: 'nginx:1.29', envFrom }]
    await usa.admin('POST', `${apps}/deployments`, template)
    const pods = await until(`${core}/pods?labelSelector=app%3Dneedy`, list =>
      JSON.stringify(list).includes('CreateContainerConfigError'),
    )
    expect(JSON.stringify(pods)).toContain('configmap \\"settings\\" not found')
    await usa.admin('POST', `${core}/configmaps`, { metadata: { name: 'settings' } })
    expect(await until(`${apps}/deployments/needy`, available(1))).toBeDefined()
  })

  test('says so after its progress deadline', async () => {
    await usa.admin('POST', `${apps}/deployments`, workload('broken', 'nginx:1:2', 1))
    const deployment = await until(`${apps}/deployments/broken`, object =>
      JSON.stringify(object.status).includes('ProgressDeadlineExceeded'),
    )
    expect(deployment.status).toMatchObject({
      unavailableReplicas: 1,
      conditions: [
        { type: 'Available', status: 'False' },
        { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' },
      ],
    })
  })
})

describe('a Service of type LoadBalancer', () => {
  test('gets the name of a load balancer in its region and gives it back when deleted', async () => {
    const spec = { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] }
    await usa.admin('POST', `${core}/services`, { metadata: { name: 'web' }, spec })
    const service = await until(`${core}/services/web`, object =>
      JSON.stringify(object.status).includes('hostname'),
    )
    const { loadBalancer } = service.status as { loadBalancer: { ingress: { hostname: string }[] } }
    expect(loadBalancer.ingress[0]?.hostname).toMatch(/^a[0-9a-f]{31}-\d+\.us-east-1\.elb\.amazonaws\.com$/)
    expect(service.metadata.finalizers).toEqual(['service.kubernetes.io/load-balancer-cleanup'])
    expect(await messages('web')).toEqual(
      expect.arrayContaining(['Ensuring load balancer', 'Ensured load balancer']),
    )
    const mine = () =>
      testWorld.world.inventory.list({
        type: 'load-balancer',
        tags: { 'kubernetes.io/service-name': 'default/web' },
      })
    expect(mine()[0]?.tags).toMatchObject({ 'kubernetes.io/cluster/usa.k8s.example.com': 'owned' })

    await usa.admin('DELETE', `${core}/services/web`)
    await eventually(() => (mine().length === 0 ? true : undefined))
    await eventually(async () =>
      (await usa.admin('GET', `${core}/services/web`)).status === 404 ? true : undefined,
    )
    expect(mine()).toEqual([])
  })

  test('that is deleted before its load balancer is ready leaves none behind', async () => {
    const spec = { type: 'LoadBalancer', ports: [{ port: 80 }] }
    await usa.admin('POST', `${core}/services`, { metadata: { name: 'short' }, spec })
    await usa.admin('DELETE', `${core}/services/short`)
    await eventually(async () =>
      (await usa.admin('GET', `${core}/services/short`)).status === 404 ? true : undefined,
    )
    const tags = { 'kubernetes.io/service-name': 'default/short' }
    expect(testWorld.world.inventory.list({ type: 'load-balancer', tags })).toEqual([])
  })
})

test('a Service knows the ready pods behind it', async () => {
  await usa.admin('POST', `${apps}/deployments`, workload('backed'))
  const spec = { selector: { app: 'backed' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] }
  await usa.admin('POST', `${core}/services`, { metadata: { name: 'backed' }, spec })
  const selector = 'labelSelector=kubernetes.io%2Fservice-name%3Dbacked'
  const path = `/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?${selector}`
  const slices = await until(path, list => JSON.stringify(list).split('"ready":true').length === 3)
  expect(slices.items).toMatchObject([{ ports: [{ name: 'http', port: 8080 }] }])
})

describe('a StatefulSet', () => {
  test('has numbered pods with volumes that cost money until their claims go', async () => {
    const base = workload('store', 'etcd', 1) as { spec: object }
    const volumeClaimTemplates = [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } } },
      },
    ]
    const spec = { ...base.spec, serviceName: 'store', volumeClaimTemplates }
    await usa.admin('POST', `${apps}/statefulsets`, { ...base, spec })
    await until(`${apps}/statefulsets/store`, available(1))
    const claim = await until(`${core}/persistentvolumeclaims/data-store-0`, () => true)
    expect(claim).toMatchObject({ spec: { storageClassName: 'kops-csi-1-21' }, status: { phase: 'Bound' } })
    const volumes = () => testWorld.world.inventory.list({ type: 'volume' })
    expect(volumes()).toMatchObject([{ region: 'us-east-1', attributes: { size: 5 } }])

    await usa.admin('DELETE', `${apps}/statefulsets/store`)
    expect(volumes()).toHaveLength(1)
    await usa.admin('DELETE', `${core}/persistentvolumeclaims/data-store-0`)
    await eventually(() => (volumes().length === 0 ? true : undefined))
    expect(volumes()).toEqual([])
  })

  test('leaves a volume behind whose storage class retains it', async () => {
    const retain = { provisioner: 'ebs.csi.aws.com', reclaimPolicy: 'Retain', metadata: { name: 'kept' } }
    await usa.admin('POST', '/apis/storage.k8s.io/v1/storageclasses', retain)
    const spec = {
      storageClassName: 'kept',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    }
    await usa.admin('POST', `${core}/persistentvolumeclaims`, { metadata: { name: 'archive' }, spec })
    const claim = await until(
      `${core}/persistentvolumeclaims/archive`,
      ({ status }) => (status as { phase?: string } | undefined)?.phase === 'Bound',
    )
    const { volumeName } = claim.spec as { volumeName: string }
    await usa.admin('DELETE', `${core}/persistentvolumeclaims/archive`)

    const kept = await until(
      `/api/v1/persistentvolumes/${volumeName}`,
      ({ status }) => (status as { phase?: string } | undefined)?.phase === 'Released',
    )
    const { csi } = kept.spec as { csi: { volumeHandle: string } }
    expect(kept.spec).toMatchObject({ persistentVolumeReclaimPolicy: 'Retain' })
    expect(testWorld.world.inventory.get(csi.volumeHandle)).toMatchObject({ type: 'volume' })
    testWorld.world.inventory.remove(csi.volumeHandle)
  })

  test('whose claim names an unknown storage class does not start, and an event says so', async () => {
    const base = workload('stuck', 'etcd', 1) as { spec: object }
    const claim = {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'gp9',
      resources: { requests: { storage: '1Gi' } },
    }
    const spec = {
      ...base.spec,
      serviceName: 'stuck',
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
    }
    await usa.admin('POST', `${apps}/statefulsets`, { ...base, spec })
    const said = await eventually(async () => (await messages('data-stuck-0'))[0])
    expect(said).toBe('storageclass.storage.k8s.io "gp9" not found')
  })
})

describe('a token Secret', () => {
  test('gets a token that authenticates until the Secret is deleted', async () => {
    await usa.admin('POST', `${core}/serviceaccounts`, { metadata: { name: 'robot' } })
    const annotations = { 'kubernetes.io/service-account.name': 'robot' }
    const type = 'kubernetes.io/service-account-token'
    await usa.admin('POST', `${core}/secrets`, { type, metadata: { name: 'robot', annotations } })
    const secret = await until(`${core}/secrets/robot`, object => object.data !== undefined)
    const { token = '', 'ca.crt': ca = '' } = secret.data as Record<string, string>
    const decoded = Buffer.from(token, 'base64').toString()
    const { tokens } = testWorld.host.clusters()[0]?.server ?? {}
    expect(tokens?.get(decoded)?.name).toBe('system:serviceaccount:default:robot')
    expect(Buffer.from(ca, 'base64').toString()).toBe(usa.spec.authority.certificate)

    await usa.admin('DELETE', `${core}/secrets/robot`)
    await eventually(() => (tokens?.has(decoded) ? undefined : true))
    expect(tokens?.has(decoded)).toBe(false)
  })
})
