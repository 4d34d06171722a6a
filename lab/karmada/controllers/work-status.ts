import { type ControlLoop, keyOf, splitKey, startControlLoop } from '@meridian/lab-clusters/control-loop'
import { writeStatus } from '@meridian/lab-clusters/objects'
import { type Kind, type KubeObject, resourceName } from '@meridian/lab-kube-api'
import { isFields, listAt } from '@meridian/lab-world/json'
import { isSettled, memberPath } from '../apply-to-member.ts'
import type { ControlPlane } from '../control-plane.ts'
import type { MemberClient, MemberEvent } from '../member-client.ts'
import { isClusterReady } from '../members.ts'
import { clusterOfSpace } from '../names.ts'
import { interpretHealth, judgesHealth, reflectStatus } from '../reflect-status.ts'
import { retainFields } from '../retain-fields.ts'
import { tell } from '../tell.ts'
import { manifestOf } from '../works.ts'
import type { Execution } from './execution.ts'

const reopenSeconds = 5
const selector = encodeURIComponent('karmada.io/managed=true')

type Watcher = {
  /** Watches a kind in a member, unless it does already. */
  ensure(cluster: string, kind: Kind): void
  object(workKey: string): KubeObject | undefined
  /** Ends all watches in a member. */
  leave(cluster: string): void
  stop(): void
}

/** Brings the status of members' objects back into the Works they came from, and corrects those that drifted. */
export function startWorkStatus(plane: ControlPlane, execution: Execution): ControlLoop {
  const watcher = createWatcher(plane, (workKey, event) => {
    const [namespace, name] = splitKey(workKey)
    const work = plane.store.get('Work', namespace, name)
    const manifest = work && manifestOf(work)
    if (!manifest || work.metadata.deletionTimestamp) return
    if (event.type === 'DELETED' || !isSettled(retainFields(manifest, event.object), event.object))
      execution.revisit(workKey)
    loop.add(workKey)
  })
  const loop = startControlLoop({
    clock: plane.world.clock,
    reconcile(key) {
      const [namespace, name] = splitKey(key)
      const work = plane.store.get('Work', namespace, name)
      const manifest = work && manifestOf(work)
      const cluster = clusterOfSpace(namespace)
      if (!manifest || !cluster || work.metadata.deletionTimestamp) return
      watcher.ensure(cluster, plane.kindOf(manifest))
      const object = watcher.object(key)
      if (object) writeManifestStatus(plane, work, object)
    },
  })
  loop.follow(plane.store, 'Work', object => [keyOf(object)])
  loop.follow(plane.store, 'Cluster', cluster => {
    if (!plane.store.get('Cluster', undefined, cluster.metadata.name)) watcher.leave(cluster.metadata.name)
    return plane.store.list('Work', { namespace: `karmada-es-${cluster.metadata.name}` }).map(keyOf)
  })
  return {
    ...loop,
    stop() {
      watcher.stop()
      loop.stop()
    },
  }
}

function createWatcher(plane: ControlPlane, changed: (workKey: string, event: MemberEvent) => void): Watcher {
  const open = new Map<string, () => void>()
  const objects = new Map<string, KubeObject>()
  let stopped = false

  function receive(event: MemberEvent): void {
    const workKey = workKeyOf(event.object)
    if (event.type === 'DELETED') objects.delete(workKey)
    else objects.set(workKey, event.object)
    changed(workKey, event)
  }

  // What was deleted while nobody watched is not in the stream that begins anew.
  async function noticeLost(client: MemberClient, kind: Kind, cluster: string): Promise<void> {
    const known = [...objects].filter(
      ([workKey, object]) => plane.kindOf(object) === kind && workKey.startsWith(`karmada-es-${cluster}/`),
    )
    if (known.length === 0) return
    const { status, body } = await client.request('GET', `${memberPath(kind)}?labelSelector=${selector}`)
    if (status !== 200 || !isFields(body)) return
    const present = new Set((listAt(body, 'items') as KubeObject[]).map(workKeyOf))
    for (const [workKey, object] of known) {
      if (!present.has(workKey)) receive({ type: 'DELETED', object })
    }
  }

  function ensure(cluster: string, kind: Kind): void {
    const id = `${cluster}/${resourceName(kind)}`
    const object = plane.store.get('Cluster', undefined, cluster)
    if (stopped || open.has(id) || !object || !isClusterReady(object)) return
    const path = `${memberPath(kind)}?watch=true&labelSelector=${selector}`
    const ended = () => {
      plane.world.clock.after(reopenSeconds, () => {
        open.delete(id)
        ensure(cluster, kind)
      })
    }
    // Taken before the watch begins, as a member that cannot be reached ends it at once.
    open.set(id, () => {})
    try {
      const client = plane.members.client(object)
      open.set(id, client.watch(path, receive, ended))
      // A member that does not answer ends the watch too, and both are begun again.
      noticeLost(client, kind, cluster).catch(() => {})
    } catch {
      ended()
    }
  }

  return {
    ensure,
    object: workKey => objects.get(workKey),
    leave(cluster) {
      for (const [id, close] of open) {
        if (!id.startsWith(`${cluster}/`)) continue
        close()
        open.delete(id)
      }
    },
    stop() {
      stopped = true
      for (const close of open.values()) close()
    },
  }
}

/** The Work that a member's object came from, as its annotations say. */
function workKeyOf({ metadata: { annotations = {} } }: KubeObject): string {
  return `${annotations['work.karmada.io/namespace']}/${annotations['work.karmada.io/name']}`
}

const component = 'work-status-controller'

function tellStatus(plane: ControlPlane, work: KubeObject, object: KubeObject, health: string): void {
  const what = `object(${object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name})`
  const reflected = `Reflect status for ${what} succeed.`
  tell(plane, [work], { reason: 'ReflectStatusSucceed', message: reflected, component })
  if (!judgesHealth(object)) return
  const message = `Interpret health of ${what} as ${health.toLowerCase()}.`
  tell(plane, [work], { reason: 'InterpretHealthSucceed', message, component })
}

function writeManifestStatus(plane: ControlPlane, work: KubeObject, object: KubeObject): void {
  const kind = plane.kindOf(object)
  const { group, version } = kind
  const { namespace, name } = object.metadata
  const status = reflectStatus(object)
  const identifier = {
    ordinal: 0,
    ...(group ? { group } : {}),
    version,
    kind: object.kind,
    resource: '',
    ...(namespace ? { namespace } : {}),
    name,
  }
  const health = interpretHealth(object)
  const item = { identifier, ...(status ? { status } : {}), health }
  tellStatus(plane, work, object, health)
  writeStatus(plane.store, work, { ...(work.status as object | undefined), manifestStatuses: [item] })
}
