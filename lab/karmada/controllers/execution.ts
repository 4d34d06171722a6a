import { type ControlLoop, keyOf, splitKey, startControlLoop } from '@meridian/lab-clusters/control-loop'
import { type Condition, findCondition, type KubeObject, setCondition } from '@meridian/lab-kube-api'
import { applyToMember, deleteFromMember, releaseInMember } from '../apply-to-member.ts'
import { type ControlPlane, nowOf } from '../control-plane.ts'
import { isClusterReady } from '../members.ts'
import { clusterOfSpace, executionFinalizer } from '../names.ts'
import { tell } from '../tell.ts'
import { conflictAnnotation, manifestOf, templateUidAnnotation } from '../works.ts'

const busyRetrySeconds = 5
const revisitSeconds = 2

export type Execution = ControlLoop & {
  /** Looks at a Work's object again although the Work has not changed: the member's copy has. */
  revisit(key: string): void
}

/** Carries Works into their members, and takes out of them what deleted Works had put there. */
export function startExecution(plane: ControlPlane): Execution {
  const carried = new Map<string, string>()
  const loop = startControlLoop({
    clock: plane.world.clock,
    reconcile: key => reconcile(plane, carried, key),
    onError: (key, error) => refuse(plane, key, error instanceof Error ? error.message : String(error)),
  })
  loop.follow(plane.store, 'Work', object => [keyOf(object)])
  loop.follow(plane.store, 'Cluster', cluster => worksOf(plane, cluster.metadata.name))
  return {
    ...loop,
    revisit(key) {
      carried.delete(key)
      loop.add(key, revisitSeconds)
    },
  }
}

function worksOf({ store }: ControlPlane, cluster: string): string[] {
  return store.list('Work', { namespace: `karmada-es-${cluster}` }).map(keyOf)
}

async function reconcile(
  plane: ControlPlane,
  carried: Map<string, string>,
  key: string,
): Promise<number | undefined> {
  const [namespace, name] = splitKey(key)
  const work = plane.store.get('Work', namespace, name)
  const manifest = work && manifestOf(work)
  if (!work || !manifest) {
    carried.delete(key)
    return
  }
  const cluster = plane.store.get('Cluster', undefined, clusterOfSpace(namespace) ?? '')
  if (work.metadata.deletionTimestamp) return remove(plane, work, manifest, cluster)
  writeDispatching(plane, work)
  // The member keeps what it has, or has nothing, until the Work is let go.
  if (isSuspended(work)) return
  if (!cluster || !isClusterReady(cluster)) return
  const version = `${work.metadata.uid}/${work.metadata.generation}`
  if (carried.get(key) === version) return
  const kind = plane.kindOf(manifest)
  const overwrite = manifest.metadata.annotations?.[conflictAnnotation] === 'overwrite'
  await applyToMember(plane.members.client(cluster), kind, manifest, overwrite)
  carried.set(key, version)
  tellApplied(plane, work, manifest, cluster.metadata.name)
  writeApplied(plane, work, 'True', 'AppliedSuccessful', 'Manifest has been successfully applied')
}

// A member that does not answer keeps its Works, unless it is leaving: then they are forgotten.
async function remove(
  plane: ControlPlane,
  work: KubeObject,
  manifest: KubeObject,
  cluster: KubeObject | undefined,
): Promise<number | undefined> {
  const preserve = (work.spec as { preserveResourcesOnDeletion?: boolean }).preserveResourcesOnDeletion
  if (cluster && preserve) {
    await releaseInMember(plane.members.client(cluster), plane.kindOf(manifest), manifest)
  } else if (cluster && isClusterReady(cluster)) {
    await deleteFromMember(plane.members.client(cluster), plane.kindOf(manifest), manifest)
  } else if (cluster && !cluster.metadata.deletionTimestamp) {
    return busyRetrySeconds
  }
  const { namespace, name } = work.metadata
  plane.store.modify('Work', namespace, name, draft => {
    draft.metadata.finalizers = draft.metadata.finalizers?.filter(each => each !== executionFinalizer) ?? []
  })
}

function refuse(plane: ControlPlane, key: string, message: string): void {
  const [namespace, name] = splitKey(key)
  const work = plane.store.get('Work', namespace, name)
  if (!work || work.metadata.deletionTimestamp) return
  tellFailed(plane, work, message)
  writeApplied(plane, work, 'False', 'AppliedFailed', `Failed to apply all manifests (0/1): ${message}`)
}

const component = 'execution-controller'

function tellApplied(plane: ControlPlane, work: KubeObject, manifest: KubeObject, cluster: string): void {
  const { namespace, name } = manifest.metadata
  const message = `Sync work(${work.metadata.namespace}/${work.metadata.name}) to cluster(${cluster}) successful.`
  tell(plane, [work], { reason: 'SyncSucceed', message, component })
  tell(plane, [templateOf(manifest)], {
    reason: 'SyncSucceed',
    message: `Successfully applied resource(${namespace ?? ''}/${name}) to cluster ${cluster}`,
    component,
  })
}

function tellFailed(plane: ControlPlane, work: KubeObject, error: string): void {
  const manifest = manifestOf(work)
  if (!manifest) return
  const { namespace, name } = manifest.metadata
  const cluster = clusterOfSpace(work.metadata.namespace)
  const warning = { type: 'Warning', reason: 'SyncFailed', component } as const
  const sync = `work(${work.metadata.namespace}/${work.metadata.name}) to cluster(${cluster})`
  tell(plane, [work], { ...warning, message: `Failed to sync ${sync}, err: ${error}` })
  const resource = namespace ? `${namespace}/${name}` : name
  const message = `Failed to create or update resource(${resource}) in member cluster(${cluster}): ${error}`
  tell(plane, [templateOf(manifest)], { ...warning, message })
}

// Known by what its manifest says, so that no kind has to be looked up to tell of it.
function templateOf(manifest: KubeObject): KubeObject | undefined {
  const uid = manifest.metadata.annotations?.[templateUidAnnotation]
  return uid ? { ...manifest, metadata: { ...manifest.metadata, uid } } : undefined
}

function isSuspended(work: KubeObject): boolean {
  return (work.spec as { suspendDispatching?: boolean }).suspendDispatching === true
}

function writeDispatching(plane: ControlPlane, work: KubeObject): void {
  const [status, reason, message] = isSuspended(work)
    ? (['False', 'SuspendDispatching', 'Work dispatching is in a suspended state.'] as const)
    : (['True', 'Dispatching', 'Work is being dispatched to member clusters.'] as const)
  if (findCondition(work, 'Dispatching')?.status === status) return
  writeCondition(plane, work, { type: 'Dispatching', status, reason, message })
  tell(plane, [work], { reason: 'WorkDispatching', message, component })
}

function writeApplied(
  plane: ControlPlane,
  work: KubeObject,
  status: 'True' | 'False',
  reason: string,
  message: string,
): void {
  writeCondition(plane, work, { type: 'Applied', status, reason, message })
}

function writeCondition(
  plane: ControlPlane,
  work: KubeObject,
  condition: Omit<Condition, 'lastTransitionTime'>,
): void {
  const { namespace, name } = work.metadata
  const change = (draft: KubeObject) => {
    const before = (draft.status ?? {}) as { conditions?: Condition[] }
    draft.status = { ...before, conditions: setCondition(before.conditions, condition, nowOf(plane)) }
  }
  plane.store.modify('Work', namespace, name, change, { status: true })
}
