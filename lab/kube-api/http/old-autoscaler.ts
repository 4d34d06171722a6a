import { type Fields, fieldsAt, isFields, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import type { Kind } from '../kind.ts'
import { autoscalerKind } from '../kinds/scaling.ts'
import { methodNotAllowed, type Reply, type ResourceCall } from './call.ts'
import { readDocument } from './read-body.ts'
import { serveResource } from './resources.ts'
import type { ResourceTarget } from './target.ts'
import { createObject } from './write.ts'

const [oldVersion, newVersion] = ['autoscaling/v1', 'autoscaling/v2']

/** The first version of autoscalers, which `kubectl autoscale` sends: to be created, read and deleted. */
export const oldAutoscalerKind: Kind = {
  ...autoscalerKind,
  version: 'v1',
  verbs: ['create', 'delete', 'get', 'list'],
}

/** Whether a request is about autoscaling/v1, and about no subresource. */
export function isOldAutoscaler({ group, version, plural, subresource }: ResourceTarget): boolean {
  const isOld = group === oldAutoscalerKind.group && version === oldAutoscalerKind.version
  return isOld && plural === oldAutoscalerKind.plural && subresource === undefined
}

/** Answers a call on the stored version as one on the first. Throws 405 for what is not served of it. */
export async function serveOldAutoscaler(call: ResourceCall): Promise<Reply | undefined> {
  if (!oldAutoscalerKind.verbs?.includes(call.verb)) throw methodNotAllowed()
  const reply = call.verb === 'create' ? await create(call) : await serveResource(call)
  return reply && { ...reply, body: toOld(reply.body) }
}

async function create(call: ResourceCall): Promise<Reply> {
  const { body, repeated } = await readDocument(call.request)
  const converted = textAt(body, 'apiVersion') === oldVersion && isFields(body) ? toNew(body) : body
  return createObject(call, { body: converted, repeated })
}

function toNew(object: Fields): Fields {
  const { targetCPUUtilizationPercentage: percentage, ...spec } = fieldsAt(object, 'spec')
  const target = { type: 'Utilization', averageUtilization: percentage }
  const metrics = percentage === undefined ? [] : [{ type: 'Resource', resource: { name: 'cpu', target } }]
  return { ...object, apiVersion: newVersion, spec: { ...spec, ...(metrics.length > 0 && { metrics }) } }
}

/** An object or a list of them in the first version; anything else as it is. */
function toOld(value: unknown): unknown {
  if (!isFields(value) || value.apiVersion !== newVersion) return value
  if (Array.isArray(value.items))
    return { ...value, apiVersion: oldVersion, items: value.items.map(item => oldFields(item)) }
  return { ...oldFields(value), apiVersion: oldVersion }
}

/** Metrics that the first version has no field for are left out. */
function oldFields(object: unknown): Fields {
  const { metrics, behavior: _b, ...spec } = fieldsAt(object, 'spec')
  const { currentMetrics: _m, conditions: _c, ...status } = fieldsAt(object, 'status')
  const cpu = listAt({ metrics }, 'metrics').find(each => textAt(each, 'resource', 'name') === 'cpu')
  const percentage = valueAt(cpu, 'resource', 'target', 'averageUtilization')
  const targets = percentage === undefined ? {} : { targetCPUUtilizationPercentage: percentage }
  return { ...(isFields(object) ? object : {}), spec: { ...spec, ...targets }, status }
}
