import { isFields, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { column, columns } from '../columns.ts'
import { definitionProblems } from '../definitions/check-definition.ts'
import { writtenStatus } from '../definitions/definition-status.ts'
import type { Kind } from '../kind.ts'
import { type KubeObject, timestamp } from '../objects.ts'
import { refuse } from '../status-error.ts'
import { fill, fillEmpty } from '../types/fill.ts'

const admission = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  namespaced: false,
  generation: true,
  columns: columns([column('Webhooks', object => listAt(object, 'webhooks').length, { type: 'integer' })]),
} as const

export const mutatingWebhooksKind: Kind = {
  ...admission,
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  singular: 'mutatingwebhookconfiguration',
  categories: ['api-extensions'],
}

export const validatingWebhooksKind: Kind = {
  ...admission,
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  singular: 'validatingwebhookconfiguration',
  categories: ['api-extensions'],
}

function serviceOf(object: KubeObject): string {
  const name = textAt(object, 'spec', 'service', 'name')
  return name ? `${textAt(object, 'spec', 'service', 'namespace')}/${name}` : 'Local'
}

function available(object: KubeObject): string {
  const condition = listAt(object, 'status', 'conditions').find(each => textAt(each, 'type') === 'Available')
  const status = textAt(condition, 'status') || 'Unknown'
  return status === 'True' ? status : `${status} (${textAt(condition, 'reason') || 'Unknown'})`
}

export const apiServiceKind: Kind = {
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  singular: 'apiservice',
  categories: ['api-extensions'],
  namespaced: false,
  nameRule: 'path',
  status: true,
  columns: columns([column('Service', serviceOf), column('Available', available)]),
  prepare(object, previous, store) {
    if (previous || valueAt(object, 'spec', 'service') !== undefined) return
    const local = { type: 'Available', status: 'True', reason: 'Local' }
    const message = 'Local APIServices are always available'
    object.status = { conditions: [{ ...local, message, lastTransitionTime: timestamp(store.now()) }] }
  },
}

export const definitionKind: Kind = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  status: true,
  generation: true,
  columns: columns([]).map(each =>
    each.name === 'Age' ? column('Created At', ({ metadata }) => metadata.creationTimestamp ?? '') : each,
  ),
  prepare(object, previous) {
    fillDefinition(object)
    object.status = writtenStatus(object)
    refuse(definitionKind, object.metadata.name, definitionProblems(object, previous))
  },
}

function fillDefinition({ spec }: KubeObject): void {
  if (!isFields(spec)) return
  const names = isFields(spec.names) ? spec.names : {}
  const kind = textAt(names, 'kind')
  if (kind) fillEmpty(names, { singular: kind.toLowerCase(), listKind: `${kind}List` })
  fill(spec, { conversion: { strategy: 'None' } })
  const service = valueAt(spec, 'conversion', 'webhook', 'clientConfig', 'service')
  if (isFields(service)) fill(service, { port: 443 })
}
