import { readdir } from 'node:fs/promises'
import type { Client } from '@meridian/lab-clusters/testing'
import { federationAdmin } from '@meridian/lab-karmada/testing'
import { type InstalledKarmada, installKarmada, writeWebhookCertificate } from '@meridian/lab-universe'
import { startClusters } from '@meridian/lab-universe/testing'
import { closedPort } from '@meridian/lab-world'
import { afterAll, beforeAll, expect, test } from 'vitest'

const policy = (name: string) => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name, namespace: 'default' },
  spec: { resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap' }] },
})

let lab: Awaited<ReturnType<typeof startClusters>>
let karmada: InstalledKarmada
beforeAll(async () => {
  lab = await startClusters(['usa'], { controlPlane: 'bare' })
  const [host] = lab.universe.clusters.clusters()
  if (!host) throw new Error('no cluster serves')
  karmada = await installKarmada(lab.universe, host, closedPort)
})
afterAll(() => lab.close())

/** The federation's API, without the patience of the actions. */
function connect(): Promise<Client> {
  const { hostname, authority } = karmada
  return federationAdmin(lab.universe.world, authority, hostname)
}

test('a bare control plane has what karmadactl init leaves: definitions, webhooks and the API of Clusters', async () => {
  const names = (kind: string) => karmada.store.list(kind).map(({ metadata }) => metadata.name)
  expect(names('CustomResourceDefinition')).toHaveLength(19)
  expect([...names('MutatingWebhookConfiguration'), ...names('ValidatingWebhookConfiguration')]).toEqual([
    'mutating-config',
    'validating-config',
  ])
  expect(names('APIService')).toEqual(['v1alpha1.cluster.karmada.io'])
  expect(names('Namespace')).toContain('karmada-system')
  const fed = await connect()
  expect((await fed('GET', '/apis/cluster.karmada.io/v1alpha1/clusters')).body.items).toEqual([])
})

test('its policies wait for a karmada-webhook, as Karmada itself does', async () => {
  const fed = await connect()
  const { group, plural } = { group: 'policy.karmada.io/v1alpha1', plural: 'propagationpolicies' }
  const { body } = await fed('POST', `/apis/${group}/namespaces/default/${plural}`, policy('web'))
  expect(body.message).toContain(
    'failed calling webhook "propagationpolicy.karmada.io": failed to call webhook: Post "https://karmada-webhook.karmada-system.svc/mutate-propagationpolicy?timeout=3s": dial tcp karmada-webhook.karmada-system.svc: connect: connection refused',
  )
})

test('nobody acts on what is written into it', async () => {
  karmada.store.create('PropagationPolicy', policy('unseen'))
  karmada.store.create('ConfigMap', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', namespace: 'default' },
  })
  await lab.universe.world.clock.sleep(600)
  expect(karmada.store.list('ResourceBinding')).toEqual([])
})

test('the certificate of its webhook is at hand for whoever starts one', async () => {
  const [host] = lab.universe.clusters.clusters()
  if (!host) throw new Error('no cluster serves')
  const directory = await writeWebhookCertificate(host, lab.universe.directory)
  expect(await readdir(directory)).toEqual(['tls.crt', 'tls.key'])
})
