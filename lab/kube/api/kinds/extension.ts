import { column, columns } from '../columns.ts'
import type { Kind } from '../kind.ts'
import { type KubeObject, listAt, textAt, timestamp } from '../objects.ts'
import { forbiddenValue, invalid, invalidValue } from '../status-error.ts'

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
  status: true,
  columns: columns([column('Service', serviceOf), column('Available', available)]),
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
  prepare(object, previous, store) {
    const expected = `${textAt(object, 'spec', 'names', 'plural')}.${textAt(object, 'spec', 'group')}`
    const problems = [
      ...(object.metadata.name === expected
        ? []
        : [invalidValue('metadata.name', object.metadata.name, 'must be spec.names.plural+"."+spec.group')]),
      ...(listAt(object, 'spec', 'versions').some(version => textAt(version, 'storage') === 'true')
        ? []
        : [forbiddenValue('spec.versions', 'must have exactly one version marked as storage version')]),
    ]
    if (problems.length > 0) throw invalid(definitionKind, object.metadata.name, problems)
    if (!previous) object.status = establishedStatus(object, timestamp(store.now()))
  },
}

function establishedStatus(object: KubeObject, time: string): unknown {
  const condition = { status: 'True', lastTransitionTime: time }
  const stored = listAt(object, 'spec', 'versions').filter(version => textAt(version, 'storage') === 'true')
  return {
    acceptedNames: (object.spec as { names?: unknown }).names,
    storedVersions: stored.map(version => textAt(version, 'name')),
    conditions: [
      { type: 'NamesAccepted', reason: 'NoConflicts', message: 'no conflicts found', ...condition },
      {
        type: 'Established',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
        ...condition,
      },
    ],
  }
}
