import type { KubeObject } from '@meridian/lab-kube-api'
import type { Cluster } from '../cluster.ts'
import {
  type Again,
  type ControlLoop,
  keyOf,
  ownerKeys,
  splitKey,
  startControlLoop,
} from '../control-loop.ts'
import { deploymentStatus } from '../deployment-status.ts'
import { recordEvent } from '../events.ts'
import { controlledBy, ownedBy, wantedReplicas } from '../ownership.ts'
import { hashTemplate, templateOf } from '../pod-template.ts'
import { createProgressWatch, type ProgressWatch } from '../progress-watch.ts'
import { nextSizes } from '../rolling-update.ts'
import { writeStatus } from '../write-status.ts'

const hashLabel = 'pod-template-hash'
const revision = 'deployment.kubernetes.io/revision'

/** Deployments make ReplicaSets: one per pod template, the newest scaled up and the older ones down, step by step. */
export function startDeployments(cluster: Cluster): ControlLoop {
  const watch = createProgressWatch(cluster.world.clock)
  const loop = startControlLoop({
    clock: cluster.world.clock,
    reconcile: key => reconcile(cluster, watch, key),
  })
  loop.follow(cluster.store, 'Deployment', object => [keyOf(object)])
  loop.follow(cluster.store, 'ReplicaSet', object => ownerKeys(object, 'Deployment'))
  return loop
}

function reconcile(cluster: Cluster, watch: ProgressWatch, key: string): Again {
  const [namespace, name] = splitKey(key)
  const deployment = cluster.store.get('Deployment', namespace, name)
  if (!deployment || deployment.metadata.deletionTimestamp) return
  const sets = ownedBy(cluster.store, 'ReplicaSet', deployment)
  const hash = hashTemplate(templateOf(deployment))
  const current =
    sets.find(set => set.metadata.labels?.[hashLabel] === hash) ?? createSet(cluster, deployment, hash, sets)
  const older = sets.filter(set => set.metadata.uid !== current.metadata.uid).toSorted(byRevision)
  const sizes = nextSizes(deployment, current, older)
  scale(cluster, deployment, current, sizes.current)
  for (const [index, set] of older.entries()) scale(cluster, deployment, set, sizes.older[index] ?? 0)
  const now = new Date(cluster.world.clock.now())
  const left = watch.left(deployment, readyReplicas(current))
  writeStatus(cluster.store, deployment, deploymentStatus(deployment, current, older, now, left <= 0))
  return left > 0 && readyReplicas(current) < wantedReplicas(deployment) ? left : undefined
}

function createSet(cluster: Cluster, deployment: KubeObject, hash: string, sets: KubeObject[]): KubeObject {
  const template = templateOf(deployment)
  const labels = { ...template.metadata?.labels, [hashLabel]: hash }
  const { selector } = deployment.spec as { selector?: { matchLabels?: Record<string, string> } }
  const number = Math.max(0, ...sets.map(revisionOf)) + 1
  const set = cluster.store.create('ReplicaSet', {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace ?? 'default',
      labels,
      annotations: { [revision]: `${number}` },
      ownerReferences: [controlledBy(deployment)],
    },
    spec: {
      replicas: 0,
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  })
  const { namespace, name } = deployment.metadata
  cluster.store.modify('Deployment', namespace, name, draft => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [revision]: `${number}` }
  })
  return set
}

function scale(cluster: Cluster, deployment: KubeObject, set: KubeObject, replicas: number): void {
  const present = wantedReplicas(set)
  if (present === replicas) return
  const { namespace, name } = set.metadata
  cluster.store.modify('ReplicaSet', namespace, name, draft => {
    draft.spec = { ...(draft.spec as object), replicas }
  })
  const direction = replicas > present ? 'up' : 'down'
  recordEvent(cluster.world, cluster.store, {
    about: deployment,
    reason: 'ScalingReplicaSet',
    message: `Scaled ${direction} replica set ${name} from ${present} to ${replicas}`,
    component: 'deployment-controller',
  })
}

function byRevision(a: KubeObject, b: KubeObject): number {
  return revisionOf(a) - revisionOf(b)
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[revision] ?? 0)
}

function readyReplicas(set: KubeObject): number {
  return (set.status as { readyReplicas?: number } | undefined)?.readyReplicas ?? 0
}
