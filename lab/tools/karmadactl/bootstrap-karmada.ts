import { karmadaDefinitions } from '@meridian/lab-karmada/kinds'
import { ToolError } from '../terminal.ts'
import type { Karmadactl } from './context.ts'
import type { InitOptions } from './init-options.ts'
import { accessObjects, aggregationObjects, webhookObjects } from './karmada-objects.ts'
import type { KubeClient, KubeObject } from './kube-client.ts'
import { createOrUpdate, serves } from './kube-objects.ts'

// Real milliseconds. In a real cluster a pod is ready once its server answers; in this world it may be
// ready some moments before.
const graceTime = 2000
const availableTimeout = 120_000

/**
 * Fills the new Karmada API, called from this machine. The first failure ends the tool, as there is no way to
 * go on without: it is logged as fatal and thrown without words.
 */
export async function bootstrapKarmada(
  tool: Karmadactl,
  karmada: KubeClient,
  options: InitOptions,
  authority: string,
): Promise<void> {
  const { namespace } = options
  const step = async (source: string, failure: string, work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      tool.log('F', source, `${failure}: ${error instanceof Error ? error.message : String(error)}`)
      throw new ToolError('')
    }
  }
  await step('deploy.go:57', `unable to create namespace ${namespace}`, () =>
    createNamespace(karmada, namespace),
  )
  await step('deploy.go:63', 'unable to create crds', () => applyKnown(karmada, karmadaDefinitions))
  tool.log('I', 'deploy.go:79', 'Create MutatingWebhookConfiguration mutating-config.')
  tool.log('I', 'deploy.go:83', 'Create ValidatingWebhookConfiguration validating-config.')
  await step('deploy.go:84', 'unable to create webhook configurations', () =>
    applyKnown(karmada, webhookObjects(options, authority)),
  )
  tool.log('I', 'deploy.go:95', "Create APIService 'v1alpha1.cluster.karmada.io'")
  await step('deploy.go:96', 'unable to create APIService', async () => {
    await applyKnown(karmada, aggregationObjects(options, authority))
    await waitAggregated(tool, karmada)
  })
  await step('deploy.go:118', 'unable to create RBAC and cluster-info', () =>
    applyKnown(karmada, accessObjects(karmada.server, authority)),
  )
}

async function createNamespace(karmada: KubeClient, name: string): Promise<void> {
  const deadline = performance.now() + graceTime
  const object = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  for (;;) {
    try {
      await createOrUpdate(karmada, object(name))
      return createOrUpdate(karmada, object('kube-public'))
    } catch (error) {
      if (error instanceof ToolError || performance.now() > deadline) throw error
      await new Promise(resolve => setTimeout(resolve, 25))
    }
  }
}

/** Applies objects whose type the API has; a server with Karmada's types built in needs no definitions of them. */
async function applyKnown(karmada: KubeClient, objects: readonly KubeObject[]): Promise<void> {
  const known = new Map<string, boolean>()
  for (const object of objects) {
    const type = `${object.apiVersion} ${object.kind}`
    if (!known.has(type)) known.set(type, await serves(karmada, object))
    if (known.get(type)) await createOrUpdate(karmada, object)
  }
}

async function waitAggregated(tool: Karmadactl, karmada: KubeClient): Promise<void> {
  const deadline = tool.world.waited() + availableTimeout
  while ((await karmada.ask('GET', '/apis/cluster.karmada.io/v1alpha1')).status !== 200) {
    if (tool.world.waited() > deadline) {
      throw new ToolError(
        'APIService v1alpha1.cluster.karmada.io is not available: context deadline exceeded',
      )
    }
    await tool.world.wait(1000)
  }
}
