import { copyJson, type Fields, isFields, numberAt, textAt, valueAt } from '@meridian/lab-world/json'
import { applyFields } from '../fields/apply-fields.ts'
import { compareFields } from '../fields/compare-fields.ts'
import { type Manager, readManagers, writeManagers } from '../fields/managed-fields.ts'
import { managersOfParent, managersOfScale } from '../fields/scale-managers.ts'
import { trackUpdate } from '../fields/track-update.ts'
import { apiVersionOf, isCustom, type ScalePaths, storeName } from '../kind.ts'
import { type KubeObject, timestamp } from '../objects.ts'
import { badRequest, notFound, StatusError } from '../status-error.ts'
import { ok, pageNotFound, type Reply, type ResourceCall } from './call.ts'
import { applyType, choosePatch } from './patch.ts'
import { findObject } from './read.ts'
import { contentTypeOf, readBody } from './read-body.ts'
import { writeOptionsOf } from './write-options.ts'

const scaleVersion = 'autoscaling/v1'

/** The `scale` subresource: the replica counts of an object as an autoscaling/v1 Scale. */
export async function serveScale(call: ResourceCall): Promise<Reply> {
  const { kind, verb } = call
  if (!kind.scale) throw isCustom(kind) ? notFound(kind, call.target.name ?? '') : pageNotFound()
  if (verb !== 'get') return changeScale(call, kind.scale)
  const live = findObject(call)
  if (valueAt(live, ...kind.scale.replicas.split('.')) === undefined) {
    const problem = `the spec replicas field ".${kind.scale.replicas}" does not exist`
    throw new StatusError(500, 'InternalError', `Internal error occurred: ${problem}`)
  }
  return ok(scaleOf(kind.scale, live))
}

async function changeScale(call: ResourceCall, paths: ScalePaths): Promise<Reply> {
  const { kind, store, verb } = call
  const applies = verb === 'patch' && contentTypeOf(call.request) === applyType
  const options = writeOptionsOf(call, { applies })
  const patch = verb === 'patch' && !applies ? choosePatch(call, contentTypeOf(call.request)) : undefined
  const body = await readBody(call.request)
  const live = findObject(call)
  const scale = scaleOf(paths, live)
  const parent = { apiVersion: apiVersionOf(kind), replicas: paths.replicas }
  const present = readManagers(live.metadata.managedFields)
  const owners = managersOfScale(present, parent)
  const writer = { manager: options.manager, apiVersion: scaleVersion, subresource: 'scale' }
  const time = timestamp(store.now())
  const wanted = applies
    ? appliedScale(call, scale, body, owners, { ...writer, force: options.force, time })
    : updatedScale(scale, patch ? patch(scale, body) : body, owners, { ...writer, time })
  const { resourceVersion = live.metadata.resourceVersion } = wanted.object.metadata
  const draft = copyJson({ ...live, metadata: { ...live.metadata, resourceVersion } })
  setAt(draft, paths.replicas.split('.'), numberAt(wanted.object, 'spec', 'replicas'))
  draft.metadata.managedFields = writeManagers(managersOfParent(present, wanted.managers, parent))
  const how = { manager: options.manager, dryRun: options.dryRun, subresource: 'scale', patched: true }
  return ok(scaleOf(paths, store.update(storeName(kind), draft, how)))
}

type WantedScale = { object: KubeObject; managers: Manager[] }
type Writer = { manager: string; apiVersion: string; subresource: string; time: string }

function updatedScale(
  scale: KubeObject,
  given: unknown,
  owners: readonly Manager[],
  { time, ...writer }: Writer,
): WantedScale {
  if (!isFields(given) || !isFields(given.metadata))
    throw badRequest('the body of the request must be a Scale')
  const object = given as KubeObject
  const changes = compareFields(scale, object, {})
  return { object, managers: trackUpdate(owners, changes, { ...writer, operation: 'Update' }, time) }
}

function appliedScale(
  { kind }: ResourceCall,
  scale: KubeObject,
  given: unknown,
  owners: readonly Manager[],
  writer: Writer & { force: boolean },
): WantedScale {
  const [apiVersion, kindName] = [textAt(given, 'apiVersion'), textAt(given, 'kind')]
  if (apiVersion !== scaleVersion || kindName !== 'Scale')
    throw badRequest(`invalid object type: ${apiVersion || '/'}, Kind=${kindName}`)
  const tracks = () => true
  const applier = { ...writer, operation: 'Apply' as const, schema: {}, tracks }
  const applied = applyFields(scale, given as KubeObject, owners, applier)
  if (!isCustom(kind)) return applied
  // Kubernetes finds the conflicts of such an apply, and cannot carry it out.
  const subject = `${textAt(given, 'metadata', 'namespace')}/${textAt(given, 'metadata', 'name')}`
  const problem = `request to convert CR to an invalid group/version: ${scaleVersion}`
  const text = `failed to convert new object (${subject}; ${scaleVersion}, Kind=Scale) to proper version`
  throw new StatusError(500, '', `${text}: ${problem}`)
}

function scaleOf(paths: ScalePaths, object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const replicas = numberAt(object, ...paths.replicas.split('.'))
  const selector = valueAt(object, ...paths.selector.split('.'))
  const selected = isFields(selector) ? selectorText(selector) : textAt({ selector }, 'selector')
  return {
    kind: 'Scale',
    apiVersion: scaleVersion,
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: numberAt(object, ...paths.status.split('.')),
      ...(selected ? { selector: selected } : {}),
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
