import { createHash } from 'node:crypto'
import type { KubeObject } from '@meridian/lab-kube-api'
import type { Cluster } from './cluster.ts'
import { failedPull, findObstacle, type Obstacle } from './container-obstacle.ts'
import { type Again, keyOf, paced } from './control-loop.ts'
import { recordEvent } from './events.ts'
import { creatingStatus, type Placement, runningStatus, succeededStatus } from './pod-status.ts'
import type { PodSpec } from './pod-template.ts'
import { writeStatus } from './write-status.ts'

const startSeconds = 13
const startSpread = 4
const retrySeconds = 15
// Nothing runs here: what is not to be started again is taken to have done its work.
const workSeconds = 5
const leastRealSeconds = 0.05
const refusedPulls = 2

/** Starts the containers of pods that have a node, and ends what is to end; answers when to be asked again. */
export type Kubelet = {
  start(pod: KubeObject): Again
  finish(pod: KubeObject): Again
  forget(key: string): undefined
}

/** The kubelets of all nodes of a cluster. */
export function createKubelet(cluster: Cluster): Kubelet {
  const { world, store } = cluster
  const due = new Map<string, number>()

  function begin(pod: KubeObject): number {
    const seconds = startSeconds + startSpread * world.random()
    due.set(keyOf(pod), world.clock.elapsed() + seconds)
    world.delays.note('pod starts', cluster.spec.name, seconds)
    writeStatus(store, pod, creatingStatus(pod.spec as PodSpec, placementOf(cluster, pod)))
    return seconds
  }

  function hold(pod: KubeObject, obstacle: Obstacle): number {
    const { waiting, message, event, eventMessage } = obstacle
    const status = creatingStatus(pod.spec as PodSpec, placementOf(cluster, pod), waiting, message)
    writeStatus(store, pod, { ...status, startTime: startTimeOf(pod) })
    const said = { type: 'Warning', reason: event, message: eventMessage, component: 'kubelet' } as const
    recordEvent(world, store, { about: pod, ...said })
    return paced(world.clock, retrySeconds, leastRealSeconds)
  }

  return {
    start(pod) {
      const key = keyOf(pod)
      if (hasUnboundClaim(cluster, pod)) return undefined
      const readyAt = due.get(key)
      if (readyAt === undefined || !startTimeOf(pod)) return begin(pod)
      const left = readyAt - world.clock.elapsed()
      if (left > 0) return left
      const obstacle = obstacleOf(cluster, pod)
      if (obstacle) {
        const again = hold(pod, obstacle)
        due.set(key, world.clock.elapsed() + again)
        return again
      }
      due.delete(key)
      run(cluster, pod)
      return undefined
    },
    finish(pod) {
      const spec = pod.spec as PodSpec
      if (spec.restartPolicy === 'Always') return undefined
      const key = keyOf(pod)
      const endsAt = due.get(key) ?? world.clock.elapsed() + workSeconds
      due.set(key, endsAt)
      const left = endsAt - world.clock.elapsed()
      if (left > 0) return left
      due.delete(key)
      writeStatus(store, pod, succeededStatus(pod, new Date(world.clock.now())))
      return undefined
    },
    forget: key => void due.delete(key),
  }
}

function run(cluster: Cluster, pod: KubeObject): void {
  const { world, store } = cluster
  const spec = pod.spec as PodSpec
  writeStatus(store, pod, runningStatus(spec, placementOf(cluster, pod), startTimeOf(pod) ?? ''))
  for (const { name, image } of spec.containers ?? []) {
    const about = { about: pod, component: 'kubelet' }
    recordEvent(world, store, { ...about, reason: 'Pulled', message: `Successfully pulled image "${image}"` })
    recordEvent(world, store, { ...about, reason: 'Started', message: `Started container ${name}` })
  }
}

function obstacleOf({ world, store }: Cluster, pod: KubeObject): Obstacle | undefined {
  const { namespace, uid = '' } = pod.metadata
  const spec = pod.spec as PodSpec
  const obstacle = findObstacle(spec, (kind, name) => store.get(kind, namespace, name) !== undefined)
  if (obstacle) return obstacle
  const before = JSON.stringify(pod.status).includes('ErrImagePull')
  const refused = world.faults.strike('image-pull', uid, refusedPulls)
  return refused ? failedPull(spec.containers?.[0]?.image ?? '', before) : undefined
}

function hasUnboundClaim({ store }: Cluster, pod: KubeObject): boolean {
  const volumes = (pod.spec as PodSpec).volumes ?? []
  const claims = volumes.flatMap(volume => volume.persistentVolumeClaim?.claimName ?? [])
  return claims.some(claim => {
    const status = store.get('PersistentVolumeClaim', pod.metadata.namespace, claim)?.status
    return (status as { phase?: string } | undefined)?.phase !== 'Bound'
  })
}

function placementOf({ store, world }: Cluster, pod: KubeObject): Placement {
  const node = store.get('Node', undefined, (pod.spec as PodSpec).nodeName ?? '')
  const status = node?.status as { addresses?: { type: string; address: string }[] } | undefined
  const hostIP = status?.addresses?.find(each => each.type === 'InternalIP')?.address ?? ''
  const [third = 0, fourth = 0] = createHash('sha256')
    .update(pod.metadata.uid ?? '')
    .digest()
  return { hostIP, podIP: `100.96.${third}.${1 + (fourth % 254)}`, now: new Date(world.clock.now()) }
}

function startTimeOf(pod: KubeObject): string | undefined {
  return (pod.status as { startTime?: string } | undefined)?.startTime
}
