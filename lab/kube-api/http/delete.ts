import { type Fields, fieldsAt, isFields, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { admitDeletion } from '../admission/admit.ts'
import { storeName } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import {
  badRequest,
  type FieldProblem,
  forbidden,
  invalid,
  invalidValue,
  notFound,
  type StatusBody,
  unsupportedValue,
} from '../status-error.ts'
import type { Propagation } from '../store/remove-object.ts'
import type { RemoveOptions } from '../store.ts'
import { isTrue, type Reply, type ResourceCall } from './call.ts'
import { readPage } from './list.ts'
import { checkListOptions } from './list-options.ts'
import { findObject, shapeOf } from './read.ts'
import { readBody } from './read-body.ts'
import { presentList, presentObject } from './representation.ts'

type DeleteOptions = RemoveOptions & { orphanDependents?: boolean }

const optionsKind = { group: 'meta.k8s.io', kind: 'DeleteOptions', plural: 'deleteoptions' }
const propagations: readonly string[] = ['Foreground', 'Background', 'Orphan'] satisfies Propagation[]
const lasting = new Set(['default', 'kube-system', 'kube-public'])

/** Answers with the object while something holds it, else with a Status that it is gone. */
export async function deleteObject(call: ResourceCall): Promise<Reply> {
  const { kind, store, target } = call
  const options = await readDeleteOptions(call)
  const live = findObject(call)
  if (kind.plural === 'namespaces' && lasting.has(live.metadata.name)) {
    throw forbidden(kind, live.metadata.name, 'this namespace may not be deleted')
  }
  await admitDeletion(call, live, options.dryRun)
  const left = store.remove(storeName(kind), target.namespace, live.metadata.name, options)
  if (!left) throw notFound(kind, live.metadata.name)
  if (!left.metadata.deletionTimestamp && !kind.returnsDeleted)
    return { code: 200, body: removed(call, live) }
  const accepted = left.metadata.deletionTimestamp && options.orphanDependents === false
  return { code: accepted ? 202 : 200, body: presentObject(left, shapeOf(call)) }
}

function removed({ kind }: ResourceCall, { metadata }: KubeObject): Omit<StatusBody, 'code'> {
  const { group, plural } = kind
  const details = { name: metadata.name, ...(group ? { group } : {}), kind: plural, uid: metadata.uid ?? '' }
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
}

/** Deletes what a list with the same options would list, and answers with it as it was. */
export async function deleteObjects(call: ResourceCall): Promise<Reply> {
  const { kind, store } = call
  checkListOptions(call)
  const options = await readDeleteOptions(call)
  const { objects, meta } = readPage(call)
  for (const object of objects) {
    const { metadata } = object
    await admitDeletion(call, object, options.dryRun)
    store.remove(storeName(kind), metadata.namespace, metadata.name, options)
  }
  return { code: 200, body: presentList(objects, meta, shapeOf(call)) }
}

/** The options in the body or, if there is none, in the query. Throws 400 for another object, 422 for what is invalid. */
async function readDeleteOptions(call: ResourceCall): Promise<DeleteOptions> {
  const given = optionsIn(await readBody(call.request)) ?? optionsOf(call.query)
  const policy = textAt(given, 'propagationPolicy')
  const orphan = valueAt(given, 'orphanDependents')
  const dryRun = listAt(given, 'dryRun')
  const problems = [
    ...policyProblems(policy, orphan !== undefined),
    ...(dryRun.every(value => value === 'All') ? [] : [unsupportedValue('dryRun', dryRun, ['All'])]),
  ]
  if (problems.length > 0) throw invalid(optionsKind, '', problems)
  const propagation = isPropagation(policy) ? policy : undefined
  const precondition = fieldsAt(given, 'preconditions')
  return {
    ...(typeof orphan === 'boolean' ? { orphanDependents: orphan } : {}),
    propagation: propagation ?? (typeof orphan === 'boolean' ? policyOf(orphan) : undefined),
    precondition: {
      uid: textAt(precondition, 'uid'),
      resourceVersion: textAt(precondition, 'resourceVersion'),
    },
    dryRun: dryRun.length > 0,
  }
}

function optionsIn(body: unknown): Fields | undefined {
  if (body === undefined) return undefined
  if (!isFields(body)) throw badRequest('decoded object cannot be converted to DeleteOptions')
  const { kind = 'DeleteOptions', apiVersion = 'v1' } = body
  if (kind === 'DeleteOptions') return body
  throw badRequest(
    `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`,
  )
}

function optionsOf(query: URLSearchParams): Fields {
  const policy = query.get('propagationPolicy')
  return {
    ...(policy ? { propagationPolicy: policy } : {}),
    ...(query.has('orphanDependents') ? { orphanDependents: isTrue(query.get('orphanDependents')) } : {}),
    dryRun: query.getAll('dryRun'),
  }
}

function policyProblems(policy: string, orphans: boolean): FieldProblem[] {
  if (!policy) return []
  const contradiction = 'orphanDependents and deletionPropagation cannot be both set'
  return [
    ...(orphans ? [invalidValue('propagationPolicy', policy, contradiction)] : []),
    ...(isPropagation(policy)
      ? []
      : [unsupportedValue('propagationPolicy', policy, [...propagations, 'nil'])]),
  ]
}

function isPropagation(value: string): value is Propagation {
  return propagations.includes(value)
}

/** What the option meant that policies have replaced. */
function policyOf(orphanDependents: boolean): Propagation {
  return orphanDependents ? 'Orphan' : 'Background'
}
