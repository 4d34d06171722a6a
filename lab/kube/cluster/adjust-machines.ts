import type { ClusterSpec } from '../../world/index.ts'
import { bootMachine } from './boot-cluster.ts'
import type { Cluster } from './cluster.ts'
import { machinesOf } from './nodes.ts'
import type { PodSpec } from './pod-template.ts'

/** Gives a cluster the machines of `wanted`: new ones join in their time, the nodes of the others go with their pods. */
export function adjustMachines(spec: ClusterSpec, wanted: ClusterSpec, running: Cluster | undefined): void {
  const before = machinesOf(spec).map(({ machine }) => machine.name)
  Object.assign(spec, { controlPlanes: wanted.controlPlanes, nodes: wanted.nodes })
  // A cluster that does not serve yet boots the machines that it has by then.
  if (!running) return
  const entries = machinesOf(spec)
  entries.forEach((entry, index) => {
    if (!before.includes(entry.machine.name)) void bootMachine(running, entry, index, 0)
  })
  for (const name of before) {
    if (!entries.some(({ machine }) => machine.name === name)) removeNode(running, name)
  }
}

function removeNode({ store }: Cluster, name: string): void {
  store.remove('Node', undefined, name)
  for (const pod of store.list('Pod')) {
    const { nodeName } = pod.spec as PodSpec
    if (nodeName === name) store.remove('Pod', pod.metadata.namespace, pod.metadata.name)
  }
}
