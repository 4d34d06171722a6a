import { type Client, eventually, type Member, startMember } from '@meridian/lab-clusters/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installKarmada, startFederationWorld } from '../testing/federation.ts'
import { joinMember, untilJoined } from '../testing/join.ts'
import { type BindingStatus, deployApp, healthyBinding, post, readBinding, replicasOf } from './app.ts'

const aliases = ['usa', 'eur', 'jpn'] as const
const testWorld = startFederationWorld()
let members: Record<(typeof aliases)[number], Member>
let fed: Client

beforeAll(async () => {
  const [usa, eur, jpn] = await Promise.all([
    startMember(testWorld, 'usa'),
    startMember(testWorld, 'eur'),
    startMember(testWorld, 'jpn'),
  ])
  members = { usa, eur, jpn }
  fed = await installKarmada(testWorld, usa)
  for (const alias of aliases) await joinMember(fed, alias, members[alias])
  await Promise.all(aliases.map(alias => untilJoined(fed, alias)))
})

afterAll(() => testWorld.close())

describe('a federated app', () => {
  test('is divided evenly over three members', async () => {
    await deployApp(fed, { name: 'even' })
    const binding = await eventually(() => healthyBinding(fed, 'even-deployment', aliases))
    expect(replicasOf(binding)).toEqual({ usa: 2, eur: 2, jpn: 2 })
    for (const alias of aliases) {
      const { body } = await members[alias].admin('GET', '/apis/apps/v1/namespaces/default/deployments/even')
      expect(body).toMatchObject({ spec: { replicas: 2 }, status: { readyReplicas: 2 } })
    }
  })

  test('shows the sum of its replicas in the federation', async () => {
    await deployApp(fed, { name: 'sum' })
    const deployment = await eventually(async () => {
      const { body } = await fed('GET', '/apis/apps/v1/namespaces/default/deployments/sum')
      return (body.status as { availableReplicas?: number } | undefined)?.availableReplicas === 6
        ? body
        : undefined
    })
    expect(deployment.status).toMatchObject({
      replicas: 6,
      readyReplicas: 6,
      updatedReplicas: 6,
      observedGeneration: 1,
    })
  })

  test('has a load balancer per member, known by cluster in the binding and together in the Service', async () => {
    await deployApp(fed, { name: 'balanced' })
    const binding = await eventually(() => healthyBinding(fed, 'balanced-service', aliases))
    const items = (binding.status as BindingStatus).aggregatedStatus ?? []
    const hostnames = items.map(item => item.status?.loadBalancer?.ingress?.[0]?.hostname ?? '')
    const regions = hostnames.map(hostname => hostname.split('.')[1])
    expect(items.map(item => item.clusterName)).toEqual(['eur', 'jpn', 'usa'])
    expect(regions).toEqual(['eu-west-1', 'ap-northeast-1', 'us-east-1'])
    const service = await eventually(async () => {
      const { body } = await fed('GET', '/api/v1/namespaces/default/services/balanced')
      const status = body.status as { loadBalancer?: { ingress?: { hostname: string }[] } }
      return status.loadBalancer?.ingress?.length === 3 ? status.loadBalancer.ingress : undefined
    })
    expect(service.map(entry => entry.hostname)).toEqual(hostnames.toSorted())
  })

  test('is reported as scheduled and fully applied for its present generation', async () => {
    await deployApp(fed, { name: 'reported' })
    const binding = await eventually(() => healthyBinding(fed, 'reported-deployment', aliases))
    const status = binding.status as BindingStatus
    expect(status.schedulerObservedGeneration).toBe(binding.metadata.generation)
    expect(status.conditions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'Scheduled', status: 'True', reason: 'Success' }),
        expect.objectContaining({ type: 'FullyApplied', status: 'True', reason: 'FullyAppliedSuccess' }),
      ]),
    )
  })

  test('takes the ConfigMap that its pods use along', async () => {
    await post(fed, '/api/v1/namespaces/default/configmaps', {
      metadata: { name: 'needy-settings' },
      data: { a: 'b' },
    })
    await deployApp(fed, { name: 'needy' })
    const copy = await eventually(async () => {
      const { status, body } = await members.jpn.admin(
        'GET',
        '/api/v1/namespaces/default/configmaps/needy-settings',
      )
      return status === 200 ? body : undefined
    })
    expect(copy).toMatchObject({ data: { a: 'b' }, metadata: { labels: { 'karmada.io/managed': 'true' } } })
  })

  test('moves when its placement changes', async () => {
    await deployApp(fed, { name: 'moved' })
    await eventually(() => healthyBinding(fed, 'moved-deployment', aliases))
    const path = '/apis/policy.karmada.io/v1alpha1/namespaces/default/propagationpolicies/moved'
    const spec = { placement: { clusterAffinity: { clusterNames: ['usa', 'jpn'] } } }
    await fed('PATCH', path, { spec }, 'application/merge-patch+json')
    const binding = await eventually(() => healthyBinding(fed, 'moved-deployment', ['usa', 'jpn']))
    expect(replicasOf(binding)).toEqual({ usa: 3, jpn: 3 })
    const gone = await eventually(async () => {
      const { status } = await members.eur.admin('GET', '/apis/apps/v1/namespaces/default/deployments/moved')
      return status === 404 ? status : undefined
    })
    expect(gone).toBe(404)
  })

  test('stays as it is in a member that its policy suspends, until it no longer does', async () => {
    await deployApp(fed, { name: 'held' })
    await eventually(() => healthyBinding(fed, 'held-deployment', aliases))
    const policy = '/apis/policy.karmada.io/v1alpha1/namespaces/default/propagationpolicies/held'
    const merge = 'application/merge-patch+json'
    const suspend = (clusterNames: string[] | null) =>
      fed(
        'PATCH',
        policy,
        { spec: { suspension: clusterNames && { dispatchingOnClusters: { clusterNames } } } },
        merge,
      )
    await suspend(['eur'])
    await eventually(async () =>
      JSON.stringify((await readBinding(fed, 'held-deployment'))?.spec).includes('"suspension"')
        ? true
        : undefined,
    )
    const path = '/apis/apps/v1/namespaces/default/deployments/held'
    const hasChanged = async (alias: 'usa' | 'eur') =>
      JSON.stringify((await members[alias].admin('GET', path)).body.spec).includes('"minReadySeconds":1')
    await fed('PATCH', path, { spec: { minReadySeconds: 1 } }, merge)
    await eventually(async () => ((await hasChanged('usa')) ? true : undefined))
    expect(await hasChanged('eur')).toBe(false)
    await suspend(null)
    await eventually(async () => ((await hasChanged('eur')) ? true : undefined))
  })

  test('is put right where a member was tampered with', async () => {
    await deployApp(fed, { name: 'stubborn' })
    await eventually(() => healthyBinding(fed, 'stubborn-deployment', aliases))
    const path = '/apis/apps/v1/namespaces/default/deployments/stubborn'
    await members.eur.admin('PATCH', path, { spec: { replicas: 5 } }, 'application/merge-patch+json')
    const back = await eventually(async () => {
      const { body } = await members.eur.admin('GET', path)
      const { replicas } = body.spec as { replicas: number }
      return replicas === 2 ? replicas : undefined
    })
    expect(back).toBe(2)
  })

  test('leaves its members when its templates are deleted', async () => {
    await deployApp(fed, { name: 'brief' })
    await eventually(() => healthyBinding(fed, 'brief-service', aliases))
    await fed('DELETE', '/apis/apps/v1/namespaces/default/deployments/brief')
    await fed('DELETE', '/api/v1/namespaces/default/services/brief')
    await eventually(async () => {
      const bindings = await Promise.all(
        ['deployment', 'service'].map(kind => readBinding(fed, `brief-${kind}`)),
      )
      const copies = await Promise.all(
        aliases.map(alias => members[alias].admin('GET', '/api/v1/namespaces/default/services/brief')),
      )
      return bindings.every(each => !each) && copies.every(each => each.status === 404) ? true : undefined
    })
    const names = testWorld.world.inventory.list({ type: 'load-balancer' }).map(each => each.tags)
    expect(names).not.toContainEqual(
      expect.objectContaining({ 'kubernetes.io/service-name': 'default/brief' }),
    )
  })

  test('stays in its members when only its policy is deleted', async () => {
    await deployApp(fed, { name: 'kept' })
    await eventually(() => healthyBinding(fed, 'kept-deployment', aliases))
    await fed('DELETE', '/apis/policy.karmada.io/v1alpha1/namespaces/default/propagationpolicies/kept')
    const { status } = await members.usa.admin('GET', '/apis/apps/v1/namespaces/default/deployments/kept')
    expect(status).toBe(200)
    expect(replicasOf(await readBinding(fed, 'kept-deployment'))).toEqual({ usa: 2, eur: 2, jpn: 2 })
    const claims = async () => {
      const { body } = await fed('GET', '/apis/apps/v1/namespaces/default/deployments/kept')
      const { labels, annotations } = body.metadata as { labels?: object; annotations?: object }
      return Object.keys({ ...labels, ...annotations }).filter(key => key.startsWith('propagationpolicy.'))
    }
    await eventually(async () => (await claims()).length === 0)
  })
})

/** What Karmada tells of a template. */
async function eventsAbout(kind: string, name: string): Promise<string[]> {
  const { body } = await fed('GET', '/api/v1/namespaces/default/events')
  const about = (body.items ?? []).filter(({ involvedObject: object }) => {
    const { kind: its, name: one } = object as { kind: string; name: string }
    return its === kind && one === name
  })
  return about.map(({ type, reason, message }) => `${type} ${reason}: ${message}`)
}

test('a template has the events that tell its way', async () => {
  await deployApp(fed, { name: 'told' })
  await eventually(() => healthyBinding(fed, 'told-deployment', aliases))
  const told = await eventsAbout('Deployment', 'told')
  expect(told).toContain('Normal ApplyPolicySucceed: Apply policy(default/told) succeed')
  expect(told).toContain(
    'Normal ScheduleBindingSucceed: Binding has been scheduled successfully. Result: {eur:2, jpn:2, usa:2}',
  )
  for (const alias of aliases) {
    expect(told).toContain(
      `Normal SyncSucceed: Successfully applied resource(default/told) to cluster ${alias}`,
    )
  }
})

describe('what a member already has', () => {
  test('is not taken over without being asked to', async () => {
    await post(members.eur.admin, '/api/v1/namespaces/default/services', {
      metadata: { name: 'theirs' },
      spec: { ports: [{ port: 80 }] },
    })
    await deployApp(fed, { name: 'theirs' })
    const message = await eventually(() => refusal('theirs-service', 'eur'))
    expect(message).toContain('already exists')
    const told = await eventsAbout('Service', 'theirs')
    expect(told.find(line => line.startsWith('Warning SyncFailed'))).toMatch(
      /Failed to create or update resource\(default\/theirs\) in member cluster\(eur\): .*already exists/,
    )
    expect(message).toContain('Karmada will not manage this resource')
  })

  test('can collide with the node port that Karmada forces on every member', async () => {
    await post(members.jpn.admin, '/api/v1/namespaces/default/services', {
      metadata: { name: 'port-holder' },
      spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 31_999 }] },
    })
    await post(fed, '/apis/policy.karmada.io/v1alpha1/namespaces/default/propagationpolicies', {
      metadata: { name: 'collides' },
      spec: { resourceSelectors: [{ apiVersion: 'v1', kind: 'Service', name: 'collides' }] },
    })
    await post(fed, '/api/v1/namespaces/default/services', {
      metadata: { name: 'collides' },
      spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 31_999 }] },
    })
    expect(await eventually(() => refusal('collides-service', 'jpn'))).toContain(
      'provided port is already allocated',
    )
  })
})

describe('a namespace of the federation', () => {
  test('exists in every member while it exists', async () => {
    await post(fed, '/api/v1/namespaces', { metadata: { name: 'shop' } })
    const inMembers = (wanted: number) => async () => {
      const all = await Promise.all(
        aliases.map(alias => members[alias].admin('GET', '/api/v1/namespaces/shop')),
      )
      return all.every(each => each.status === wanted) ? true : undefined
    }
    expect(await eventually(inMembers(200))).toBe(true)
    await fed('DELETE', '/api/v1/namespaces/shop')
    expect(await eventually(inMembers(404))).toBe(true)
  })
})

test('clusters/proxy reaches the API of a member', async () => {
  const path = '/apis/cluster.karmada.io/v1alpha1/clusters/eur/proxy/api/v1/nodes'
  const { body } = await fed('GET', path)
  expect(body.items?.map(node => node.metadata.name).sort()).toEqual(['i-0eur1111', 'i-0eur2222'])
})

async function refusal(binding: string, cluster: string): Promise<string | undefined> {
  const status = (await readBinding(fed, binding))?.status as BindingStatus | undefined
  return status?.aggregatedStatus?.find(item => item.clusterName === cluster)?.appliedMessage
}
