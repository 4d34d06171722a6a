import { type Client, eventually, type Member, startMember } from '@meridian/lab-clusters/testing'
import { listAt } from '@meridian/lab-world/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installKarmada, startFederationWorld } from '../testing/federation.ts'
import { joinMember, untilJoined } from '../testing/join.ts'
import { deployApp, healthyBinding, post, readBinding, rebalance, replicasOf } from './app.ts'

const testWorld = startFederationWorld()
const policies = '/apis/policy.karmada.io/v1alpha1'
const controllerManager = ['--feature-gates=Failover=true', '--enable-no-execute-taint-eviction=true']
let members: Record<string, Member>
let fed: Client

beforeAll(async () => {
  const names = ['usa', 'eur', 'jpn']
  const started = await Promise.all(
    names.map(async name => [name, await startMember(testWorld, name)] as const),
  )
  members = Object.fromEntries(started)
  fed = await installKarmada(testWorld, member('usa'), {
    'karmada-controller-manager': controllerManager,
    'karmada-webhook': ['--allow-no-execute-taint-policy=true'],
  })
  for (const name of names) {
    await joinMember(fed, name, member(name))
    await untilJoined(fed, name)
  }
  await deployApp(fed, { name: 'web' })
  await eventually(() => healthyBinding(fed, 'web-deployment', names))
})

afterAll(() => testWorld.close())

function member(name: string): Member {
  const found = members[name]
  if (!found) throw new Error(`no member ${name}`)
  return found
}

async function untilReplicas(wanted: Record<string, number>): Promise<void> {
  await eventually(async () => {
    const found = replicasOf(await readBinding(fed, 'web-deployment'))
    return JSON.stringify(found) === JSON.stringify(wanted) ? true : undefined
  })
}

async function taintsOf(cluster: string): Promise<unknown[]> {
  const { body } = await fed('GET', `/apis/cluster.karmada.io/v1alpha1/clusters/${cluster}`)
  return ((body.spec as { taints?: { key: string; effect: string }[] }).taints ?? []).map(
    ({ key, effect }) => `${key}:${effect}`,
  )
}

async function tasksOf(): Promise<unknown[]> {
  return listAt(await readBinding(fed, 'web-deployment'), 'spec', 'gracefulEvictionTasks')
}

describe('a region that goes away', () => {
  let back: () => void

  test('keeps its replicas as long as nothing evicts them', async () => {
    back = testWorld.host.takeAway(member('eur').spec.name, 'refused')
    await eventually(async () =>
      (await taintsOf('eur')).includes('cluster.karmada.io/not-ready:NoSchedule') ? true : undefined,
    )
    expect(replicasOf(await readBinding(fed, 'web-deployment'))).toEqual({ eur: 2, jpn: 2, usa: 2 })
  })

  test('loses them to the others once a policy taints it NoExecute', async () => {
    await post(fed, `${policies}/clustertaintpolicies`, {
      metadata: { name: 'region-down' },
      spec: {
        addOnConditions: [{ conditionType: 'Ready', operator: 'NotIn', statusValues: ['True'] }],
        removeOnConditions: [{ conditionType: 'Ready', operator: 'In', statusValues: ['True'] }],
        taints: [{ key: 'lab.example.com/region-down', effect: 'NoExecute' }],
      },
    })
    await untilReplicas({ jpn: 3, usa: 3 })
    await eventually(() => healthyBinding(fed, 'web-deployment', ['usa', 'jpn']))
    expect(await tasksOf()).toEqual([])
    expect(await taintsOf('eur')).toContain('lab.example.com/region-down:NoExecute')
    expect(await taintsOf('usa')).toEqual([])
  })

  test('clears what it still runs when it comes back, and gets its Service, but no replicas', async () => {
    back()
    await untilJoined(fed, 'eur')
    const path = '/apis/apps/v1/namespaces/default/deployments/web'
    await eventually(async () => ((await member('eur').admin('GET', path)).status === 404 ? true : undefined))
    await eventually(() => healthyBinding(fed, 'web-service', ['usa', 'eur', 'jpn']))
    expect(replicasOf(await readBinding(fed, 'web-deployment'))).toEqual({ jpn: 3, usa: 3 })
  })

  test('gets its replicas back by a rebalance', async () => {
    await rebalance(fed, 'web')
    await untilReplicas({ eur: 2, jpn: 2, usa: 2 })
    await eventually(() => healthyBinding(fed, 'web-deployment', ['usa', 'eur', 'jpn']))
  })
})

describe('a cluster that is tainted by hand', () => {
  const clusters = '/apis/cluster.karmada.io/v1alpha1/clusters'
  const merge = 'application/merge-patch+json'

  test('keeps its Work until everything is healthy elsewhere', async () => {
    const seen: unknown[] = []
    const watching = setInterval(() => void tasksOf().then(tasks => seen.push(...tasks)), 1)
    await fed(
      'PATCH',
      `${clusters}/jpn`,
      { spec: { taints: [{ key: 'repair', effect: 'NoExecute' }] } },
      merge,
    )
    await untilReplicas({ eur: 3, usa: 3 })
    await eventually(() => healthyBinding(fed, 'web-deployment', ['usa', 'eur']))
    clearInterval(watching)
    expect(seen[0]).toMatchObject({
      fromCluster: 'jpn',
      purgeMode: 'Gracefully',
      reason: 'TaintUntolerated',
      producer: 'TaintManager',
      replicas: 2,
    })
  })
})

test('a taint policy that evicts is refused unless the webhook allows it', async () => {
  const path = '/apis/apps/v1/namespaces/karmada-system/deployments/karmada-webhook'
  const containers = [{ name: 'karmada-webhook', command: ['karmada-webhook'] }]
  const spec = { template: { spec: { containers } } }
  await member('usa').admin('PATCH', path, { spec }, 'application/strategic-merge-patch+json')
  const refused = await fed('POST', `${policies}/clustertaintpolicies`, {
    metadata: { name: 'strict' },
    spec: { taints: [{ key: 'a', effect: 'NoExecute' }] },
  })
  expect(refused.status).toBe(403)
  expect(refused.body.message).toContain(
    'admission webhook "clustertaintpolicy.karmada.io" denied the request: spec.taints[0]: Forbidden: Configuring taint with NoExecute effect is not allowed',
  )
})
