import { type ClusterSpec, type Machine, type Resource, textAttribute } from '@meridian/lab-world'
import { bootMachine } from './boot-cluster.ts'
import type { Cluster } from './cluster.ts'
import { machinesOf, type Role } from './nodes.ts'
import type { PodSpec } from './pod-template.ts'

/** Gives a cluster the machines of `wanted`: new ones join in their time, the nodes of the others go with their pods. */
export function adjustMachines(
  spec: ClusterSpec,
  wanted: Pick<ClusterSpec, 'controlPlanes' | 'nodes'>,
  running: Cluster | undefined,
): void {
  const before = new Map(machinesOf(spec).map(({ machine }) => [machine.name, machine]))
  const known = (machine: Machine) => before.get(machine.name) ?? machine
  Object.assign(spec, {
    controlPlanes: wanted.controlPlanes.map(known),
    nodes: wanted.nodes.map(known),
  })
  // A cluster that does not serve yet boots the machines that it has by then.
  if (!running) return
  const entries = machinesOf(spec)
  entries.forEach((entry, index) => {
    if (!before.has(entry.machine.name)) void bootMachine(running, entry, index, 0)
  })
  for (const name of before.keys()) {
    if (!entries.some(({ machine }) => machine.name === name)) removeNode(running, name)
  }
  // etcd needs a majority, and there is nobody left; that of others runs elsewhere.
  const alive = spec.controlPlanes.some(({ name }) => before.has(name))
  if (!alive && !running.kind.standing) running.api.down()
}

/** The machine that an instance is for its cluster: what its group launched it with, it starts from. */
export function machineOf(instance: Resource): { role: Role; machine: Machine } {
  const userData = Buffer.from(textAttribute(instance, 'userData') ?? '', 'base64').toString()
  const version = /^kubernetesVersion=(\S+)$/m.exec(userData)?.[1]
  return {
    role: 'k8s.io/role/control-plane' in instance.tags ? 'control-plane' : 'node',
    machine: {
      name: instance.id,
      zone: textAttribute(instance, 'availabilityZone') ?? '',
      size: textAttribute(instance, 'instanceType') ?? '',
      ...(version && { version }),
    },
  }
}

function removeNode({ store }: Cluster, name: string): void {
  store.remove('Node', undefined, name)
  for (const pod of store.list('Pod')) {
    const { nodeName } = pod.spec as PodSpec
    if (nodeName === name) store.remove('Pod', pod.metadata.namespace, pod.metadata.name)
  }
}
