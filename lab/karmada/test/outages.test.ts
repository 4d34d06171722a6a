import type { Outage } from '@meridian/lab-clusters'
import { type Client, eventually, type Member, startMember } from '@meridian/lab-clusters/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installKarmada, startFederationWorld } from '../testing/federation.ts'
import { joinMember, untilJoined } from '../testing/join.ts'

const testWorld = startFederationWorld()
const { world, host } = testWorld
const clusters = '/apis/cluster.karmada.io/v1alpha1/clusters'
let usa: Member
let eur: Member
let fed: Client

beforeAll(async () => {
  ;[usa, eur] = await Promise.all([startMember(testWorld, 'usa'), startMember(testWorld, 'eur')])
  fed = await installKarmada(testWorld, usa)
  await joinMember(fed, 'eur', eur)
  await untilJoined(fed, 'eur')
})

afterAll(() => testWorld.close())

type Ready = { status: string; reason: string; message: string }

async function untilReady(status: string): Promise<Ready> {
  return eventually(async () => {
    const { body } = await fed('GET', `${clusters}/eur`)
    const { conditions } = body.status as { conditions: ({ type: string } & Ready)[] }
    return conditions.find(each => each.type === 'Ready' && each.status === status)
  })
}

const refused = { message: expect.stringMatching(/^dial tcp api-eur-.*:443: connect: connection refused$/) }
const throughKarmada = () => fed('GET', `${clusters}/eur/proxy/version`)

describe('a member', () => {
  test.each<[Outage, string]>([
    ['refused', 'ECONNREFUSED'],
    ['silent', 'context deadline exceeded'],
  ])('that is away (%s) is not ready, and ready again when it is back', async (outage, cause) => {
    const back = host.takeAway(eur.spec.name, outage)
    const { reason, message } = await untilReady('False')
    expect(reason).toBe('ClusterNotReachable')
    expect(message).toContain(cause)
    if (outage === 'refused') expect(await throughKarmada()).toMatchObject({ status: 500, body: refused })
    back()
    await untilReady('True')
    expect((await eur.admin('GET', '/api/v1/nodes')).status).toBe(200)
  })

  test('that is slow stays ready', async () => {
    const back = host.takeAway(eur.spec.name, 'slow')
    const begun = world.clock.elapsed()
    expect((await eur.admin('GET', '/api/v1/nodes')).status).toBe(200)
    expect(world.clock.elapsed() - begun).toBeGreaterThanOrEqual(9.9)
    expect((await untilReady('True')).reason).toBe('ClusterReady')
    back()
  })

  test('that does not serve cannot be taken away', () => {
    expect(() => host.takeAway('jpn.k8s.example.com', 'silent')).toThrow('no cluster jpn.k8s.example.com')
  })
})

describe('a webhook', () => {
  const policies = '/apis/policy.karmada.io/v1alpha1/namespaces/default/propagationpolicies'
  const policy = (name: string) => ({
    metadata: { name },
    spec: { resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap', name }] },
  })
  const rule = { apiGroups: ['policy.karmada.io'], apiVersions: ['*'], resources: ['propagationpolicies'] }

  beforeAll(async () => {
    const webhook = {
      name: 'propagationpolicy.karmada.io',
      clientConfig: { url: 'https://karmada-webhook.karmada-system.svc:443/validate-propagationpolicy' },
      rules: [{ ...rule, operations: ['CREATE', 'UPDATE'] }],
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    }
    await fed('POST', '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', {
      metadata: { name: 'validating-config' },
      webhooks: [webhook],
    })
  })

  test('that nobody serves refuses what it must see, and nothing else', async () => {
    const refused = await fed('POST', policies, policy('early'))
    expect(refused).toMatchObject({ status: 500, body: { reason: 'InternalError' } })
    expect(refused.body.message).toMatch(
      /^Internal error occurred: failed calling webhook "propagationpolicy.karmada.io": failed to call webhook: Post "https:.*connection refused$/,
    )
    expect((await fed('GET', policies)).status).toBe(200)
    const map = { metadata: { name: 'free' } }
    expect((await fed('POST', '/api/v1/namespaces/default/configmaps', map)).status).toBe(201)
  })

  test('refuses three times when the world wants it, once its pod is ready', async () => {
    const labels = { app: 'karmada-webhook' }
    await usa.admin('POST', '/apis/apps/v1/namespaces/karmada-system/deployments', {
      metadata: { name: 'karmada-webhook' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'webhook', image: 'webhook' }] } },
      },
    })
    await eventually(async () =>
      (await fed('POST', policies, policy('first'))).status === 201 ? true : undefined,
    )
    world.faults.begin('webhook-down')
    const codes = []
    for (const name of ['a', 'b', 'c', 'd']) codes.push((await fed('POST', policies, policy(name))).status)
    expect(codes).toEqual([500, 500, 500, 201])
  })
})
