import type { KubeObject } from '@meridian/lab-kube-api'
import { copyJson, valueAt } from '@meridian/lab-world/json'
import type { Cluster } from '../cluster.ts'
import { type ControlLoop, keyOf, ownerKeys, splitKey, startControlLoop } from '../control-loop.ts'
import { recordEvent } from '../events.ts'
import { makePod } from '../make-pod.ts'
import { ownedBy, wantedReplicas } from '../ownership.ts'
import { isPodReady, type PodSpec, templateOf } from '../pod-template.ts'
import { currentRevision, revisionLabel } from '../revisions.ts'
import { writeStatus } from '../write-status.ts'

type ClaimTemplate = {
  metadata: { name: string; labels?: Record<string, string> }
  spec?: Record<string, unknown>
}

/** StatefulSets make numbered pods, the next one when the last is ready, each with its own volume claims. */
export function startStatefulSets(cluster: Cluster): ControlLoop {
  const loop = startControlLoop({ clock: cluster.world.clock, reconcile: key => reconcile(cluster, key) })
  loop.follow(cluster.store, 'StatefulSet', object => [keyOf(object)])
  loop.follow(cluster.store, 'Pod', object => ownerKeys(object, 'StatefulSet'))
  return loop
}

function reconcile(cluster: Cluster, key: string): undefined {
  const [namespace, name] = splitKey(key)
  const set = cluster.store.get('StatefulSet', namespace, name)
  if (!set || set.metadata.deletionTimestamp) return
  const hash = currentRevision(cluster, set)
  const pods = ownedBy(cluster.store, 'Pod', set)
  const wanted = wantedReplicas(set)
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
    const pod = pods.find(each => each.metadata.name === `${name}-${ordinal}`)
    if (!pod) pods.push(createPod(cluster, set, ordinal, hash))
    if (!pod || !isPodReady(pod)) break
  }
  for (const pod of pods) {
    if (Number(pod.metadata.name.slice(name.length + 1)) < wanted) continue
    cluster.store.remove('Pod', namespace, pod.metadata.name)
  }
  replaceOne(cluster, set, pods, hash)
  report(cluster, set, pods, hash)
}

/** Takes the last pod of an older template away if all are ready; the next one follows when that is back. */
function replaceOne({ store }: Cluster, set: KubeObject, pods: readonly KubeObject[], hash: string): void {
  if (valueAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete' || !pods.every(isPodReady)) return
  const partition = Number(valueAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0)
  const ordinal = (pod: KubeObject) => Number(pod.metadata.labels?.['apps.kubernetes.io/pod-index'])
  const [last] = pods
    .filter(pod => pod.metadata.labels?.[revisionLabel] !== hash && ordinal(pod) >= partition)
    .toSorted((a, b) => ordinal(b) - ordinal(a))
  if (last) store.remove('Pod', last.metadata.namespace, last.metadata.name)
}

function createPod(cluster: Cluster, set: KubeObject, ordinal: number, hash: string): KubeObject {
  const template = templateOf(set)
  const name = `${set.metadata.name}-${ordinal}`
  const claims = createClaims(cluster, set, name)
  const { volumes = [] }: PodSpec = template.spec ?? {}
  const pod = makePod(cluster, set, {
    name,
    template,
    labels: {
      'apps.kubernetes.io/pod-index': `${ordinal}`,
      'statefulset.kubernetes.io/pod-name': name,
      [revisionLabel]: hash,
    },
    spec: { hostname: name, volumes: [...volumes, ...claims] },
  })
  const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`
  const component = 'statefulset-controller'
  recordEvent(cluster.world, cluster.store, { about: set, reason: 'SuccessfulCreate', message, component })
  return pod
}

function createClaims(cluster: Cluster, set: KubeObject, pod: string): NonNullable<PodSpec['volumes']> {
  const { volumeClaimTemplates = [] } = set.spec as { volumeClaimTemplates?: ClaimTemplate[] }
  const namespace = set.metadata.namespace ?? 'default'
  return volumeClaimTemplates.map(({ metadata, spec = {} }) => {
    const claimName = `${metadata.name}-${pod}`
    if (!cluster.store.get('PersistentVolumeClaim', namespace, claimName)) {
      const { selector } = set.spec as { selector?: { matchLabels?: Record<string, string> } }
      cluster.store.create('PersistentVolumeClaim', {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: claimName, namespace, labels: { ...metadata.labels, ...selector?.matchLabels } },
        spec: copyJson(spec),
      })
    }
    return { name: metadata.name, persistentVolumeClaim: { claimName } }
  })
}

function report(cluster: Cluster, set: KubeObject, pods: readonly KubeObject[], hash: string): void {
  const { name } = set.metadata
  const ready = pods.filter(isPodReady).length
  const revisions = pods.map(pod => pod.metadata.labels?.[revisionLabel])
  const updated = revisions.filter(each => each === hash).length
  const former = revisions.find(each => each !== hash) ?? hash
  writeStatus(cluster.store, set, {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    readyReplicas: ready,
    currentReplicas: former === hash ? updated : pods.length - updated,
    updatedReplicas: updated,
    availableReplicas: ready,
    currentRevision: `${name}-${former}`,
    updateRevision: `${name}-${hash}`,
    collisionCount: 0,
  })
}
