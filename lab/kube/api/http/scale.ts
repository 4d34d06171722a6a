import { type Fields, isFields, type KubeObject, numberAt, textAt, timestamp, valueAt } from '../objects.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import { applyMergePatch } from '../patch/merge-patch.ts'
import { resourceName } from '../status-error.ts'
import { isDryRun, managerOf, ok, pageNotFound, type Reply, type ResourceCall } from './call.ts'
import { findObject } from './read.ts'
import { contentTypeOf, readBody } from './read-body.ts'

/** The `scale` subresource: the replica counts of an object as an autoscaling/v1 Scale. */
export async function serveScale(call: ResourceCall): Promise<Reply> {
  const { kind, store, target, verb } = call
  const paths = kind.scale
  if (!paths) throw pageNotFound()
  const live = findObject(call)
  if (verb === 'get') return ok(scaleOf(call, live))
  const body = await readBody(call.request)
  const patch =
    contentTypeOf(call.request) === 'application/json-patch+json' ? applyJsonPatch : applyMergePatch
  const wanted = verb === 'patch' ? patch(scaleOf(call, live), body) : body
  const options = { manager: managerOf(call), dryRun: isDryRun(call) }
  const scaled = store.modify(
    resourceName(kind),
    target.namespace,
    live.metadata.name,
    draft => setAt(draft, paths.replicas.split('.'), numberAt(wanted, 'spec', 'replicas')),
    options,
  )
  return ok(scaleOf(call, scaled ?? live))
}

function scaleOf({ kind }: ResourceCall, object: KubeObject): Fields {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const paths = kind.scale ?? { replicas: '', status: '', selector: '' }
  const selector = valueAt(object, ...paths.selector.split('.'))
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp: creationTimestamp ?? timestamp(0) },
    spec: { replicas: numberAt(object, ...paths.replicas.split('.')) },
    status: {
      replicas: numberAt(object, ...paths.status.split('.')),
      selector: isFields(selector) ? selectorText(selector) : textAt(selector),
    },
  }
}

function selectorText(selector: Fields): string {
  const labels = isFields(selector.matchLabels) ? selector.matchLabels : {}
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}

function setAt(object: Fields, path: readonly string[], value: unknown): void {
  const [first = '', ...rest] = path
  if (rest.length === 0) {
    object[first] = value
    return
  }
  const child = isFields(object[first]) ? object[first] : {}
  object[first] = child
  setAt(child, rest, value)
}
