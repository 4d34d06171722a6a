import { type Client, eventually, type Member, startMember } from '@meridian/lab-clusters/testing'
import { listAt } from '@meridian/lab-world/json'
import { afterAll, beforeAll, test } from 'vitest'
import { installKarmada, startFederationWorld } from '../testing/federation.ts'
import { joinMember, untilJoined } from '../testing/join.ts'
import { post } from './app.ts'

const testWorld = startFederationWorld()
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const definition = `${definitions}/boats.example.com`
const boats = '/apis/example.com/v1/namespaces/default/boats'
const policies = '/apis/policy.karmada.io/v1alpha1'
const clusters = '/apis/cluster.karmada.io/v1alpha1/clusters'
const works = '/apis/work.karmada.io/v1alpha1/namespaces/karmada-es-eur/works'
const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
let eur: Member
let fed: Client

const isGone = async (client: Client, path: string) =>
  (await client('GET', path)).status === 404 ? true : undefined
const isThere = async (client: Client, path: string) =>
  (await client('GET', path)).status === 200 ? true : undefined

beforeAll(async () => {
  const usa = await startMember(testWorld, 'usa')
  eur = await startMember(testWorld, 'eur')
  fed = await installKarmada(testWorld, usa)
  await joinMember(fed, 'eur', eur)
  await untilJoined(fed, 'eur')
  const selected = (selector: object) => ({ spec: { resourceSelectors: [selector] } })
  const definitionSelector = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }
  await post(fed, `${policies}/clusterpropagationpolicies`, {
    metadata: { name: 'definitions' },
    ...selected(definitionSelector),
  })
  await post(fed, `${policies}/namespaces/default/propagationpolicies`, {
    metadata: { name: 'boats' },
    ...selected({ apiVersion: 'example.com/v1', kind: 'Boat' }),
  })
})

afterAll(() => testWorld.close())

/** Puts a definition and an object of it into the federation, and waits until the member has both. */
async function launch(): Promise<void> {
  await post(fed, definitions, {
    metadata: { name: 'boats.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'boats', singular: 'boat', kind: 'Boat' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  })
  // Nothing schedules anew what came before the member reported its kind.
  await eventually(async () => {
    const { body } = await fed('GET', `${clusters}/eur`)
    return JSON.stringify(listAt(body, 'status', 'apiEnablements')).includes('"Boat"') || undefined
  })
  await post(fed, boats, { apiVersion: 'example.com/v1', kind: 'Boat', metadata: { name: 'ada' } })
  await eventually(() => isThere(eur.admin, `${boats}/ada`))
}

async function untilNothingIsLeft(): Promise<void> {
  await eventually(() => isGone(eur.admin, definition))
  await eventually(async () => {
    const { body } = await fed('GET', works)
    return (body.items ?? []).some(work => work.metadata.name.startsWith('ada-')) ? undefined : true
  })
  await eventually(() =>
    isGone(fed, '/apis/work.karmada.io/v1alpha2/namespaces/default/resourcebindings/ada-boat'),
  )
}

test('a definition that goes takes its objects with it everywhere', async () => {
  await launch()
  await fed('DELETE', definition)
  await untilNothingIsLeft()
})

test('what a member has is still taken away when the definition went while the member was away', async () => {
  await launch()
  const back = testWorld.host.takeAway(eur.spec.name, 'refused')
  await eventually(async () => {
    const { body } = await fed('GET', `${clusters}/eur`)
    return JSON.stringify(body.status).includes('ClusterNotReachable') || undefined
  })
  await fed('DELETE', `${boats}/ada`)
  await fed('DELETE', definition)
  back()
  await untilNothingIsLeft()
})
