import { column, columns } from '../columns.ts'
import type { Kind } from '../kind.ts'
import { fieldsAt, type KubeObject, listAt, sameJson, textAt, valueAt } from '../objects.ts'
import { type FieldProblem, forbiddenValue, invalid, invalidValue } from '../status-error.ts'

const core = { group: '', version: 'v1', namespaced: true } as const
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const dataCount = (object: KubeObject) =>
  Object.keys(fieldsAt(object, 'data')).length + Object.keys(fieldsAt(object, 'binaryData')).length

export const secretKind: Kind = {
  ...core,
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  selectable: ['type'],
  columns: columns([
    column('Type', object => textAt(object, 'type')),
    column('Data', dataCount, { type: 'integer' }),
  ]),
  prepare(secret, previous) {
    secret.type ??= 'Opaque'
    const plain = Object.entries(fieldsAt(secret, 'stringData'))
    if (plain.length > 0) {
      const encoded = plain.map(([name, text]) => [name, Buffer.from(String(text)).toString('base64')])
      secret.data = { ...fieldsAt(secret, 'data'), ...Object.fromEntries(encoded) }
    }
    delete secret.stringData
    const problems = secretProblems(secret, previous)
    if (problems.length > 0) throw invalid(secretKind, secret.metadata.name, problems)
  },
}

function secretProblems(secret: KubeObject, previous: KubeObject | undefined): FieldProblem[] {
  const unreadable = Object.entries(fieldsAt(secret, 'data')).filter(
    ([, value]) => typeof value !== 'string' || !base64.test(value),
  )
  return [
    ...unreadable.map(([name]) => invalidValue(`data[${name}]`, '<omitted>', 'illegal base64 data')),
    ...(previous && previous.type !== secret.type
      ? [invalidValue('type', secret.type, 'field is immutable')]
      : []),
    ...frozenProblems(secret, previous),
  ]
}

// `immutable: true` can never be taken back.
function frozenProblems(object: KubeObject, previous: KubeObject | undefined): FieldProblem[] {
  if (previous?.immutable !== true) return []
  const changed = object.immutable !== true || !sameJson(object.data, previous.data)
  return changed ? [forbiddenValue('data', 'field is immutable when `immutable` is set')] : []
}

export const configMapKind: Kind = {
  ...core,
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  columns: columns([column('Data', dataCount, { type: 'integer' })]),
  prepare(object, previous) {
    const problems = frozenProblems(object, previous)
    if (problems.length > 0) throw invalid(configMapKind, object.metadata.name, problems)
  },
}

export const serviceAccountKind: Kind = {
  ...core,
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  returnsDeleted: true,
  columns: columns([column('Secrets', object => listAt(object, 'secrets').length, { type: 'integer' })]),
}

export const leaseKind: Kind = {
  ...core,
  group: 'coordination.k8s.io',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  columns: columns([column('Holder', object => textAt(object, 'spec', 'holderIdentity'))]),
}

export const priorityClassKind: Kind = {
  ...core,
  group: 'scheduling.k8s.io',
  namespaced: false,
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  singular: 'priorityclass',
  shortNames: ['pc'],
  columns: columns([
    column('Value', object => Number(valueAt(object, 'value') ?? 0), { type: 'integer' }),
    column('Global-Default', object => valueAt(object, 'globalDefault') === true, { type: 'boolean' }),
  ]),
}
