import { ToolError } from '../terminal.ts'
import type { Karmadactl } from './context.ts'
import type { KubeClient, KubeObject } from './kube-client.ts'
import { collectionPath } from './kube-objects.ts'

type Workload = {
  spec?: { replicas?: number }
  status?: { readyReplicas?: number; updatedReplicas?: number }
}

const pollInterval = 1000

/** Waits until a Deployment or StatefulSet runs in full. `timeout` in world seconds, 0 waits for ever. */
export async function waitReady(
  tool: Karmadactl,
  kube: KubeClient,
  object: KubeObject,
  timeout: number,
): Promise<void> {
  const { kind, metadata } = object
  const label = `${kind} ${metadata.namespace}/${metadata.name}`
  tool.log('I', 'check.go:54', `Waiting for ${label} ready`)
  const deadline = tool.world.waited() + timeout * 1000
  for (;;) {
    const { status, body } = await kube.ask('GET', `${collectionPath(object)}/${metadata.name}`)
    if (status === 200 && isReady(body)) return
    if (timeout > 0 && tool.world.waited() > deadline) {
      throw new ToolError(`wait for ${label} to be ready timeout: context deadline exceeded`)
    }
    await tool.world.wait(pollInterval)
  }
}

function isReady({ spec, status }: Workload): boolean {
  return (status?.readyReplicas ?? 0) >= (spec?.replicas ?? 1)
}
