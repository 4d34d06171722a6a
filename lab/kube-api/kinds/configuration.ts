import { fieldsAt, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { column, columns } from '../columns.ts'
import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'

const core = { group: '', version: 'v1', namespaced: true } as const

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
  prepare(secret) {
    const plain = Object.entries(fieldsAt(secret, 'stringData'))
    if (plain.length > 0) {
      const encoded = plain.map(([name, text]) => [name, Buffer.from(String(text)).toString('base64')])
      secret.data = { ...fieldsAt(secret, 'data'), ...Object.fromEntries(encoded) }
    }
    delete secret.stringData
  },
}

export const configMapKind: Kind = {
  ...core,
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  columns: columns([column('Data', dataCount, { type: 'integer' })]),
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
