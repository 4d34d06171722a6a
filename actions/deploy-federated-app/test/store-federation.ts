import { bindingName, everywhere, heldClusters, policyTarget } from '@meridian/karmada'
import { type Kube, KubeError, type KubeObject, type ObjectRef, refOf } from '@meridian/kube'
import { karmadaKinds } from '@meridian/lab-karmada/kinds'
import { allocateSeats } from '@meridian/lab-karmada/webster'
import { coreKinds, createStore, StatusError, type Store } from '@meridian/lab-kube-api'

/**
 * The lab's API server without its wire, and the least of Karmada: after each write every policy is scheduled, what it
 * does not hold back has arrived and is healthy, and what is in no schedule any more is gone, held back or not. It takes
 * no time, so thousands of runs can be tried.
 */
export type StoreFederation = {
  store: Store
  /** What each member has, as JSON by cluster and object, with its share of the replicas. */
  members: ReadonlyMap<string, string>
  /** `meet` is told of each call, before and after it is carried out; what it throws fails the call. */
  connect(meet: (when: 'before' | 'after') => void): Kube
}

type Share = { name: string; replicas?: number }
const since = '2026-01-01T00:00:00Z'
const yes = (type: string) => ({
  type,
  status: 'True',
  reason: 'Yes',
  message: '',
  lastTransitionTime: since,
})

export function createFederation(clusters: readonly string[]): StoreFederation {
  const store = createStore({ kinds: [...coreKinds, ...karmadaKinds] })
  const members = new Map<string, string>()
  store.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
  for (const name of clusters) addCluster(store, name)

  function settle(): void {
    for (const policy of store.list('PropagationPolicy')) {
      if (policy.metadata.deletionTimestamp === undefined) carry(store, clusters, members, policy)
      else letGo(store, policy)
    }
    for (const binding of store.list('ResourceBinding')) {
      const { resource } = binding.spec as { resource: ObjectRef }
      if (store.get(resource.kind, resource.namespace, resource.name)) continue
      const { namespace, name } = binding.metadata
      store.remove('ResourceBinding', namespace, name)
      for (const cluster of clusters) members.delete(memberKey(cluster, resource))
    }
  }

  return { store, members, connect: meet => connect(store, settle, meet) }
}

/** What holds a policy until Karmada has taken its claim off. */
function letGo(store: Store, { metadata: { namespace, name } }: KubeObject): void {
  const change = (draft: KubeObject) => {
    draft.metadata.finalizers = []
  }
  store.modify('PropagationPolicy', namespace, name, change)
}

function addCluster(store: Store, name: string): void {
  store.create('Cluster', {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: { syncMode: 'Push', apiEndpoint: `https://${name}`, region: 'us-east-1' },
  })
  const conditions = ['Ready', 'CompleteAPIEnablements'].map(yes)
  const change = (draft: KubeObject) => {
    draft.status = { conditions }
  }
  store.modify('Cluster', undefined, name, change, { status: true })
}

function carry(
  store: Store,
  clusters: readonly string[],
  members: Map<string, string>,
  policy: KubeObject,
): void {
  const target = policyTarget(policy)
  const template = target && store.get(target.kind, target.namespace, target.name)
  if (target === undefined || template === undefined) return
  claim(store, template, policy)
  const { placement, suspension } = policy.spec as { placement: Placement; suspension?: object }
  const shares = divide(template, placement)
  const { replicas } = (template.spec ?? {}) as { replicas?: number }
  const spec = {
    resource: target,
    placement,
    ...(replicas && { replicas }),
    clusters: shares,
    ...(suspension && { suspension }),
  }
  const name = bindingName(target.kind, target.name)
  const metadata = { name, ...(target.namespace && { namespace: target.namespace }) }
  const change = (draft: KubeObject) => {
    draft.spec = spec
  }
  const kind = 'ResourceBinding'
  if (!store.modify(kind, target.namespace, name, change))
    store.create(kind, { apiVersion: 'work.karmada.io/v1alpha2', kind, metadata, spec })
  const held = heldClusters(policy)
  const isHeld = (cluster: string) => held.includes(cluster) || held.includes(everywhere)
  for (const cluster of clusters) {
    const share = shares.find(each => each.name === cluster)
    if (share === undefined) members.delete(memberKey(cluster, target))
    else if (!isHeld(cluster)) members.set(memberKey(cluster, target), contentOf(template, share))
  }
  report(store, { ...metadata, isHeld, shares, generation: template.metadata.generation ?? 0 })
}

function claim(store: Store, { kind, metadata }: KubeObject, policy: KubeObject): void {
  const annotation = 'propagationpolicy.karmada.io/name'
  if (metadata.annotations?.[annotation] === policy.metadata.name) return
  const change = (draft: KubeObject) => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [annotation]: policy.metadata.name }
  }
  store.modify(kind, metadata.namespace, metadata.name, change, { manager: 'karmada-controller-manager' })
}

type Placement = {
  clusterAffinity: { clusterNames: string[] }
  replicaScheduling: {
    replicaSchedulingType: string
    weightPreference?: { staticWeightList: { targetCluster: { clusterNames: string[] }; weight: number }[] }
  }
}

function divide(template: KubeObject, { clusterAffinity, replicaScheduling }: Placement): Share[] {
  const { replicas } = (template.spec ?? {}) as { replicas?: number }
  const { clusterNames } = clusterAffinity
  if (replicas === undefined) return clusterNames.map(name => ({ name }))
  if (replicaScheduling.replicaSchedulingType === 'Duplicated')
    return clusterNames.map(name => ({ name, replicas }))
  const list = replicaScheduling.weightPreference?.staticWeightList ?? []
  const votes = Object.fromEntries(list.map(each => [each.targetCluster.clusterNames[0] ?? '', each.weight]))
  return Object.entries(allocateSeats(replicas, votes))
    .filter(([, count]) => count > 0)
    .map(([name, count]) => ({ name, replicas: count }))
}

type Report = {
  name: string
  namespace?: string
  isHeld(cluster: string): boolean
  shares: Share[]
  generation: number
}

function report(store: Store, { name, namespace, isHeld, shares, generation }: Report): void {
  const change = (draft: KubeObject) => {
    const before = (draft.status ?? {}) as { aggregatedStatus?: { clusterName: string }[] }
    const items = shares.flatMap(({ name: clusterName, replicas }) => {
      const old = before.aggregatedStatus?.find(each => each.clusterName === clusterName)
      if (isHeld(clusterName)) return old ?? []
      const counts = { replicas, readyReplicas: replicas, updatedReplicas: replicas }
      const status = { ...counts, resourceTemplateGeneration: generation }
      return { clusterName, applied: true, health: 'Healthy', status }
    })
    draft.status = {
      schedulerObservedGeneration: draft.metadata.generation,
      conditions: ['Scheduled', 'FullyApplied'].map(yes),
      aggregatedStatus: items,
    }
  }
  store.modify('ResourceBinding', namespace, name, change, { status: true })
}

function connect(store: Store, settle: () => void, meet: (when: 'before' | 'after') => void): Kube {
  const call = async <T>(work: () => unknown): Promise<T> => {
    meet('before')
    try {
      return structuredClone(work()) as T
    } catch (error) {
      throw error instanceof StatusError ? asKubeError(error) : error
    } finally {
      meet('after')
    }
  }
  const write = <T>(work: () => unknown) =>
    call<T>(() => {
      const result = work()
      settle()
      return result
    })
  const listOf = (kind: string, filter: Parameters<Store['list']>[1]) => {
    if (store.findKind(kind)) return store.list(kind, filter)
    throw new KubeError(`there is no ${kind}`, { status: 404, reason: 'UnknownKind', server: 'fed' })
  }
  const calls: Partial<Kube> = {
    context: 'fed',
    serverTime: () => Date.parse(since),
    isNamespaced: type => call(() => store.kind(type.kind).namespaced),
    get: ref => call(() => store.get(ref.kind, ref.namespace, ref.name)),
    list: ({ kind }, { namespace, labels } = {}) =>
      call(() => listOf(kind, { ...(namespace && { namespace }), ...(labels && { labels }) })),
    apply: (object, { force = false, dryRun = false, over } = {}) =>
      write(() => {
        const metadata = {
          ...object.metadata,
          ...(over === 'nothing' ? { resourceVersion: '1' } : versionOf(over)),
        }
        const how = { manager: 'meridian', force, dryRun }
        return store.apply(object.kind, { ...object, metadata }, how).object
      }),
    remove: (ref, { over } = {}) =>
      write(() => {
        const precondition = versionOf(over)
        return store.remove(ref.kind, ref.namespace, ref.name, { precondition }) !== undefined
      }),
  }
  return calls as Kube
}

function versionOf(over: KubeObject | undefined): { uid?: string; resourceVersion?: string } {
  const { uid, resourceVersion } = over?.metadata ?? {}
  return { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) }
}

function asKubeError({ message, body }: StatusError): KubeError {
  const causes = body.details?.causes ?? []
  return new KubeError(message, { status: body.code, reason: body.reason ?? '', server: 'fed', causes })
}

function memberKey(cluster: string, { kind, namespace, name }: ObjectRef): string {
  return `${cluster} ${kind} ${namespace}/${name}`
}

function contentOf(template: KubeObject, { replicas }: Share): string {
  const { spec, data } = template
  const own = replicas === undefined ? spec : { ...(spec as object), replicas }
  return JSON.stringify({ ...refOf(template), spec: own, data })
}
