import { type Client, eventually, type Member, startMember } from '@meridian/lab-clusters/testing'
import type { KubeObject } from '@meridian/lab-kube-api'
import { textAt, valueAt } from '@meridian/lab-world/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installKarmada, startFederationWorld } from '../testing/federation.ts'
import { joinMember, untilJoined } from '../testing/join.ts'
import {
  type BindingStatus,
  deployApp,
  divided,
  healthyBinding,
  post,
  readBinding,
  rebalance,
  replicasOf,
} from './app.ts'

const testWorld = startFederationWorld()
const clusters = '/apis/cluster.karmada.io/v1alpha1/clusters'
let usa: Member
let eur: Member
let jpn: Member
let fed: Client

beforeAll(async () => {
  ;[usa, eur, jpn] = await Promise.all([
    startMember(testWorld, 'usa'),
    startMember(testWorld, 'eur'),
    startMember(testWorld, 'jpn'),
  ])
  fed = await installKarmada(testWorld, usa)
  for (const [alias, member] of [['usa', usa] as const, ['eur', eur] as const]) {
    await joinMember(fed, alias, member)
    await untilJoined(fed, alias)
  }
})

afterAll(() => testWorld.close())

// One federation lives through these in order: each test brings its own app or leaves members as it found them.
describe('a Cluster', () => {
  test('shows what its member is like', async () => {
    const cluster = await untilJoined(fed, 'usa')
    expect(cluster.status).toMatchObject({
      kubernetesVersion: 'v1.35.7',
      nodeSummary: { totalNum: 2, readyNum: 2 },
      conditions: [
        { type: 'CompleteAPIEnablements', status: 'True', reason: 'Complete' },
        { type: 'Ready', status: 'True', reason: 'ClusterReady' },
      ],
    })
    expect((await fed('GET', '/api/v1/namespaces/karmada-es-usa')).status).toBe(200)
  })

  test('is tainted and not ready when its certificate does not verify under the name of its endpoint', async () => {
    const wrong = 'api-wrong-name.elb.us-east-1.amazonaws.com'
    testWorld.world.network.publish(wrong, 443, testWorld.world.network.resolve(usa.spec.apiHost, 443) ?? 0)
    await joinMember(fed, 'wrong', { ...usa, spec: { ...usa.spec, apiHost: wrong } })
    const cluster = await unreadyCluster('wrong', 'ClusterNotReachable')
    expect(JSON.stringify(cluster.status)).toContain('does not match certificate')
    expect(cluster.spec).toMatchObject({
      taints: [{ key: 'cluster.karmada.io/not-ready', effect: 'NoSchedule' }],
    })
    await fed('DELETE', `${clusters}/wrong`)
    await untilGone('wrong')
  })

  test('is not ready when its token was revoked', async () => {
    await joinMember(fed, 'revoked', usa)
    await untilJoined(fed, 'revoked')
    const secret = { data: { token: Buffer.from('other').toString('base64') } }
    await fed(
      'PATCH',
      '/api/v1/namespaces/karmada-cluster/secrets/revoked',
      secret,
      'application/merge-patch+json',
    )
    const cluster = await unreadyCluster('revoked', undefined)
    expect(cluster.spec).toMatchObject({ taints: [{ key: 'cluster.karmada.io/not-ready' }] })
    await fed('DELETE', `${clusters}/revoked`)
    await untilGone('revoked')
  })

  test('that names no Secret says that its status could not be collected', async () => {
    const spec = { syncMode: 'Push', apiEndpoint: 'https://example.com' }
    await post(fed, clusters, {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'bare' },
      spec,
    })
    await unreadyCluster('bare', 'StatusCollectionFailed')
    await fed('DELETE', `${clusters}/bare`)
    expect(await untilGone('bare')).toBe(true)
  })
})

describe('a member that joins later', () => {
  test('gets the Service but no replicas until the workload is rebalanced', async () => {
    await deployApp(fed, { name: 'early' })
    await eventually(() => healthyBinding(fed, 'early-deployment', ['usa', 'eur']))
    await joinMember(fed, 'jpn', jpn)
    await untilJoined(fed, 'jpn')
    await eventually(() => healthyBinding(fed, 'early-service', ['usa', 'eur', 'jpn']))
    expect(replicasOf(await readBinding(fed, 'early-deployment'))).toEqual({ usa: 3, eur: 3 })

    await rebalance(fed, 'early')
    const binding = await eventually(() => healthyBinding(fed, 'early-deployment', ['usa', 'eur', 'jpn']))
    expect(replicasOf(binding)).toEqual({ usa: 2, eur: 2, jpn: 2 })
    const { body } = await fed('GET', '/apis/apps.karmada.io/v1alpha1/workloadrebalancers/again')
    expect(body.status).toMatchObject({ observedWorkloads: [{ result: 'Successful' }] })
  })
})

describe('a rebalance', () => {
  const bindings = '/apis/work.karmada.io/v1alpha2/namespaces/default/resourcebindings'
  const rebalancers = '/apis/apps.karmada.io/v1alpha1/workloadrebalancers'
  const merge = 'application/merge-patch+json'

  test('in the second of the last schedule is lost', async () => {
    const path = `${bindings}/early-deployment`
    const before = await fed('GET', path)
    const clusters = [{ name: 'usa', replicas: 6 }]
    const rescheduleTriggeredAt = textAt(before.body, 'status', 'lastScheduledTime')
    await fed('PATCH', path, { spec: { clusters, rescheduleTriggeredAt } }, merge)
    const seen = await eventually(async () => {
      const { body } = await fed('GET', path)
      const observed = valueAt(body, 'status', 'schedulerObservedGeneration')
      return observed === body.metadata.generation ? body : undefined
    })
    expect(replicasOf(seen)).toEqual({ usa: 6 })
    expect(textAt(seen, 'status', 'lastScheduledTime')).toBe(rescheduleTriggeredAt)
  })

  test('that is asked for again under the same name changes nothing', async () => {
    const { body } = await fed('GET', `${rebalancers}/again`)
    const answer = await fed('PATCH', `${rebalancers}/again`, { spec: body.spec }, merge)
    expect(answer.status).toBe(200)
    expect(replicasOf(await readBinding(fed, 'early-deployment'))).toEqual({ usa: 6 })
    await rebalance(fed, 'early', 'once-more')
    await eventually(async () => {
      const { usa, eur, jpn } = replicasOf(await readBinding(fed, 'early-deployment'))
      return (usa === 2 && eur === 2 && jpn === 2) || undefined
    })
  })

  test('goes when its time is over, in real seconds', async () => {
    const workloads = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'nowhere', namespace: 'default' }]
    await fed('POST', rebalancers, {
      metadata: { name: 'brief' },
      spec: { workloads, ttlSecondsAfterFinished: 1 },
    })
    const done = await eventually(async () => {
      const { body } = await fed('GET', `${rebalancers}/brief`)
      return textAt(body, 'status', 'finishTime') ? body : undefined
    })
    expect(done.status).toMatchObject({
      observedWorkloads: [{ result: 'Failed', reason: 'ReferencedBindingNotFound' }],
    })
    await eventually(async () =>
      (await fed('GET', `${rebalancers}/brief`)).status === 404 ? true : undefined,
    )
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(textAt(done, 'status', 'finishTime')) + 1000)
  })
})

describe('a member that leaves', () => {
  test('loses what was propagated to it, and its replicas go to the others', async () => {
    await fed('DELETE', `${clusters}/jpn`)
    expect(await untilGone('jpn')).toBe(true)
    expect((await jpn.admin('GET', '/apis/apps/v1/namespaces/default/deployments/early')).status).toBe(404)
    expect((await fed('GET', '/api/v1/namespaces/karmada-es-jpn')).status).toBe(404)
    const binding = await eventually(() => healthyBinding(fed, 'early-deployment', ['usa', 'eur']))
    expect(replicasOf(binding)).toEqual({ usa: 3, eur: 3 })
  })

  test('can be let go although it no longer answers', async () => {
    await deployApp(fed, { name: 'orphan', placement: { replicaScheduling: divided } })
    await eventually(() => healthyBinding(fed, 'orphan-deployment', ['usa', 'eur']))
    await testWorld.host.stop(eur.spec.name)
    await unreadyCluster('eur', 'ClusterNotReachable')
    await fed('DELETE', `${clusters}/eur`)
    expect(await untilGone('eur')).toBe(true)
    const binding = await eventually(() => healthyBinding(fed, 'orphan-deployment', ['usa']))
    expect(replicasOf(binding)).toEqual({ usa: 6 })
  })
})

describe('a workload that fits nowhere', () => {
  test('is not scheduled, and says why', async () => {
    await deployApp(fed, {
      name: 'lost',
      placement: { clusterAffinity: { clusterNames: ['mars'] }, replicaScheduling: divided },
    })
    const condition = await eventually(async () => {
      const status = (await readBinding(fed, 'lost-deployment'))?.status as BindingStatus | undefined
      return status?.conditions?.find(each => each.type === 'Scheduled')
    })
    expect(condition).toMatchObject({ status: 'False', reason: 'NoClusterFit' })
    expect(condition.message).toBe(
      '0/1 clusters are available: 1 cluster(s) did not match the placement cluster affinity constraint.',
    )
  })
})

async function unreadyCluster(name: string, reason: string | undefined): Promise<KubeObject> {
  return eventually(async () => {
    const { body } = await fed('GET', `${clusters}/${name}`)
    const { conditions = [] } = (body.status ?? {}) as {
      conditions?: { type: string; status: string; reason: string }[]
    }
    const ready = conditions.find(each => each.type === 'Ready')
    const tainted = textAt(body, 'spec', 'taints', 0, 'key') !== ''
    return tainted && ready?.status === 'False' && (!reason || ready.reason === reason) ? body : undefined
  })
}

function untilGone(name: string): Promise<true> {
  return eventually(async () => ((await fed('GET', `${clusters}/${name}`)).status === 404 ? true : undefined))
}
