import type { KubeObject } from '@meridian/lab-kube-api'
import type { Cluster } from './cluster.ts'
import { type MachineRole, machinesOf, readyCondition } from './nodes.ts'
import { type Placement, runningStatus } from './pod-status.ts'
import type { PodSpec } from './pod-template.ts'
import { createWithStatus } from './seed-objects.ts'
import { writeStatus } from './write-status.ts'

const joinSeconds = { 'control-plane': 110, node: 160 }
const readySeconds = 40
const podSeconds = 15
const spreadSeconds = 15

/**
 * Lets the machines of a serving cluster join and become ready at their times, counted in world seconds from the
 * start of the machines, of which `elapsed` have passed.
 */
export function bootMachines(cluster: Cluster, elapsed: number): void {
  machinesOf(cluster.spec).forEach((entry, index) => void bootMachine(cluster, entry, index, elapsed))
}

/** Lets one machine join and become ready, `elapsed` world seconds after it has started; after infinitely many, at once. */
// One step begins after the other has ended: timers of their own could overtake each other when time is fast.
export async function bootMachine(
  cluster: Cluster,
  entry: MachineRole,
  index: number,
  elapsed: number,
): Promise<void> {
  const { clock, delays, random, faults } = cluster.world
  const slowness = faults.active('slow-nodes') ? 4 : 1
  const wait = async (what: string, seconds: number) => {
    if (elapsed === Infinity) return
    delays.note(what, cluster.spec.name, seconds)
    await clock.sleep(seconds)
  }
  await wait('machine joins', joinSeconds[entry.role] * slowness + spreadSeconds * random() - elapsed)
  joinNode(cluster, entry, index)
  await wait('node gets ready', readySeconds * slowness)
  setReady(cluster, entry.machine.name)
  await wait('system pods start', podSeconds)
  runSystemPods(cluster, entry.machine.name, index)
}

function joinNode(cluster: Cluster, entry: MachineRole, index: number): void {
  // It has gone again before it came.
  if (!machinesOf(cluster.spec).some(({ machine }) => machine.name === entry.machine.name)) return
  if (entry.role === 'control-plane') cluster.api.up(entry.machine.version ?? cluster.spec.kubernetesVersion)
  createWithStatus(cluster.store, cluster.kind.node(cluster.spec, entry, index))
  for (const pod of cluster.kind.systemPods(entry, cluster.world.random)) createWithStatus(cluster.store, pod)
}

function setReady(cluster: Cluster, name: string): void {
  const node = cluster.store.get('Node', undefined, name)
  if (!node) return
  writeStatus(cluster.store, node, { ...(node.status as object), conditions: [readyCondition(true)] })
}

function runSystemPods(cluster: Cluster, node: string, index: number): void {
  const pods = cluster.store.list('Pod', { namespace: 'kube-system' })
  for (const pod of pods.filter(each => (each.spec as PodSpec).nodeName === node)) {
    writeRunning(cluster, pod, `100.96.${index}.${1 + Math.floor(cluster.world.random() * 250)}`)
  }
}

function writeRunning(cluster: Cluster, pod: KubeObject, podIP: string): void {
  const { creationTimestamp = '' } = pod.metadata
  const placement: Placement = { hostIP: podIP, podIP, now: new Date(cluster.world.clock.now()) }
  const status = runningStatus(pod.spec as PodSpec, placement, creationTimestamp)
  writeStatus(cluster.store, pod, status)
}
