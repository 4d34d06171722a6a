import { copyJson, type KubeObject } from '../../api/index.ts'
import { type ControlLoop, keyOf, ownerKeys, splitKey, startControlLoop } from '../../control-loop.ts'
import { writeStatus } from '../../write-status.ts'
import type { Cluster } from '../cluster.ts'
import { recordEvent } from '../events.ts'
import { controlledBy, ownedBy, wantedReplicas } from '../ownership.ts'
import { hashTemplate, isPodReady, type PodSpec, templateOf } from '../pod-template.ts'

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
  const pods = ownedBy(cluster.store, 'Pod', set)
  const wanted = wantedReplicas(set)
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
    const pod = pods.find(each => each.metadata.name === `${name}-${ordinal}`)
    if (!pod) pods.push(createPod(cluster, set, ordinal))
    if (!pod || !isPodReady(pod)) break
  }
  for (const pod of pods) {
    if (Number(pod.metadata.name.slice(name.length + 1)) < wanted) continue
    cluster.store.remove('Pod', namespace, pod.metadata.name)
  }
  report(cluster, set, pods)
}

function createPod(cluster: Cluster, set: KubeObject, ordinal: number): KubeObject {
  const template = templateOf(set)
  const name = `${set.metadata.name}-${ordinal}`
  const claims = createClaims(cluster, set, name)
  const spec: PodSpec = copyJson(template.spec ?? {})
  const namespace = set.metadata.namespace ?? 'default'
  const pod = cluster.store.create('Pod', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: {
        ...template.metadata?.labels,
        'apps.kubernetes.io/pod-index': `${ordinal}`,
        'statefulset.kubernetes.io/pod-name': name,
      },
      annotations: template.metadata?.annotations ?? {},
      ownerReferences: [controlledBy(set)],
    },
    spec: { ...spec, hostname: name, volumes: [...(spec.volumes ?? []), ...claims] },
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

function report(cluster: Cluster, set: KubeObject, pods: readonly KubeObject[]): void {
  const { name } = set.metadata
  const ready = pods.filter(isPodReady).length
  const revision = `${name}-${hashTemplate(templateOf(set))}`
  const status = {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    readyReplicas: ready,
    currentReplicas: pods.length,
    updatedReplicas: pods.length,
    availableReplicas: ready,
    currentRevision: revision,
    updateRevision: revision,
    collisionCount: 0,
  }
  writeStatus(cluster.store, set, status)
}
