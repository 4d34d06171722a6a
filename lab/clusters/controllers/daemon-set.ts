import type { KubeObject } from '@meridian/lab-kube-api'
import { copyJson, valueAt } from '@meridian/lab-world/json'
import { nodeRefusal } from '../choose-node.ts'
import type { Cluster } from '../cluster.ts'
import { type ControlLoop, keyOf, ownerKeys, splitKey, startControlLoop } from '../control-loop.ts'
import { recordEvent } from '../events.ts'
import { makePod } from '../make-pod.ts'
import { ownedBy } from '../ownership.ts'
import { isPodReady, type PodSpec, type PodTemplate, templateOf } from '../pod-template.ts'
import { currentRevision, revisionLabel } from '../revisions.ts'
import { writeStatus } from '../write-status.ts'

// What keeps other pods off a node, or drives them away, does not do so with a daemon's.
const tolerated = [
  'not-ready',
  'unreachable',
  'disk-pressure',
  'memory-pressure',
  'pid-pressure',
  'unschedulable',
]

/** DaemonSets make one pod for every node that takes it, and replace them one by one when their template changes. */
export function startDaemonSets(cluster: Cluster): ControlLoop {
  const loop = startControlLoop({ clock: cluster.world.clock, reconcile: key => reconcile(cluster, key) })
  loop.follow(cluster.store, 'DaemonSet', object => [keyOf(object)])
  loop.follow(cluster.store, 'Pod', object => ownerKeys(object, 'DaemonSet'))
  loop.follow(cluster.store, 'Node', () => cluster.store.list('DaemonSet').map(keyOf))
  return loop
}

function reconcile(cluster: Cluster, key: string): undefined {
  const [namespace, name] = splitKey(key)
  const { store } = cluster
  const set = store.get('DaemonSet', namespace, name)
  if (!set || set.metadata.deletionTimestamp) return
  const hash = currentRevision(cluster, set)
  const template = daemonTemplate(set)
  const nodes = store.list('Node')
  const wanted = new Set(
    nodes.filter(node => !nodeRefusal(template.spec ?? {}, node)).map(node => node.metadata.name),
  )
  const pods = ownedBy(store, 'Pod', set)
  for (const pod of pods.filter(each => !wanted.has(nodeOf(each)))) remove(cluster, set, pod)
  const kept = pods.filter(pod => wanted.has(nodeOf(pod)))
  replaceOne(cluster, set, kept, hash)
  const taken = new Set(kept.map(nodeOf))
  for (const node of [...wanted].filter(each => !taken.has(each))) {
    const labels = { [revisionLabel]: hash }
    const pod = makePod(cluster, set, { template, labels, spec: { nodeName: node } })
    kept.push(pod)
    announce(cluster, set, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`)
  }
  report(cluster, set, wanted.size, kept, hash)
}

function daemonTemplate(set: KubeObject): PodTemplate {
  const template = copyJson(templateOf(set))
  const tolerations = tolerated.map(name => ({ key: `node.kubernetes.io/${name}`, operator: 'Exists' }))
  const own = template.spec?.tolerations ?? []
  return { ...template, spec: { ...template.spec, tolerations: [...own, ...tolerations] } }
}

/** Takes one pod of an older template away, if all others are ready; a new one takes its place. */
function replaceOne(cluster: Cluster, set: KubeObject, pods: KubeObject[], hash: string): void {
  if (valueAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') return
  const old = pods.filter(pod => pod.metadata.labels?.[revisionLabel] !== hash)
  const next = old.find(pod => !isPodReady(pod)) ?? old[0]
  if (!next || pods.some(pod => pod !== next && !isPodReady(pod))) return
  remove(cluster, set, next)
  pods.splice(pods.indexOf(next), 1)
}

function remove(cluster: Cluster, set: KubeObject, { metadata }: KubeObject): void {
  cluster.store.remove('Pod', metadata.namespace, metadata.name)
  announce(cluster, set, 'SuccessfulDelete', `Deleted pod: ${metadata.name}`)
}

function announce(cluster: Cluster, about: KubeObject, reason: string, message: string): void {
  recordEvent(cluster.world, cluster.store, { about, reason, message, component: 'daemonset-controller' })
}

function nodeOf(pod: KubeObject): string {
  return (pod.spec as PodSpec).nodeName ?? ''
}

function report(cluster: Cluster, set: KubeObject, wanted: number, pods: KubeObject[], hash: string): void {
  const ready = pods.filter(isPodReady).length
  writeStatus(cluster.store, set, {
    currentNumberScheduled: pods.length,
    desiredNumberScheduled: wanted,
    numberMisscheduled: 0,
    numberReady: ready,
    updatedNumberScheduled: pods.filter(pod => pod.metadata.labels?.[revisionLabel] === hash).length,
    ...(ready > 0 ? { numberAvailable: ready } : {}),
    ...(wanted > ready ? { numberUnavailable: wanted - ready } : {}),
    observedGeneration: set.metadata.generation,
  })
}
