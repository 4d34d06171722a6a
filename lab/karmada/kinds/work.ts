import {
  column,
  columns,
  findCondition,
  invalid,
  invalidValue,
  type Kind,
  type KubeObject,
} from '@meridian/lab-kube-api'
import { isFields, listAt, textAt } from '@meridian/lab-world/json'
import { karmadaSchema } from './karmada-schemas.ts'

const base = {
  group: 'work.karmada.io',
  categories: ['karmada-io'],
  status: true,
  generation: true,
} as const

const bindingColumns = columns([
  column('Scheduled', object => findCondition(object, 'Scheduled')?.status ?? ''),
  column('FullyApplied', object => findCondition(object, 'FullyApplied')?.status ?? ''),
])

export const resourceBindingKind: Kind = {
  ...base,
  version: 'v1alpha2',
  kind: 'ResourceBinding',
  schema: karmadaSchema('ResourceBinding'),
  plural: 'resourcebindings',
  singular: 'resourcebinding',
  shortNames: ['rb'],
  namespaced: true,
  columns: bindingColumns,
}

export const clusterResourceBindingKind: Kind = {
  ...base,
  version: 'v1alpha2',
  kind: 'ClusterResourceBinding',
  schema: karmadaSchema('ClusterResourceBinding'),
  plural: 'clusterresourcebindings',
  singular: 'clusterresourcebinding',
  shortNames: ['crb'],
  namespaced: false,
  columns: bindingColumns,
}

export const workKind: Kind = {
  ...base,
  version: 'v1alpha1',
  kind: 'Work',
  schema: karmadaSchema('Work'),
  plural: 'works',
  singular: 'work',
  shortNames: ['wk'],
  namespaced: true,
  columns: columns([
    column('Workload-Kind', object => textAt(manifestOf(object), 'kind')),
    column('Workload-Name', object => textAt(manifestOf(object), 'metadata', 'name')),
    column('Applied', object => findCondition(object, 'Applied')?.status ?? ''),
  ]),
}

/** Sets bindings' `spec.rescheduleTriggeredAt`, so that what was divided once is divided anew. */
export const workloadRebalancerKind: Kind = {
  ...base,
  group: 'apps.karmada.io',
  version: 'v1alpha1',
  kind: 'WorkloadRebalancer',
  schema: karmadaSchema('WorkloadRebalancer'),
  plural: 'workloadrebalancers',
  singular: 'workloadrebalancer',
  namespaced: false,
  columns: columns([]),
  prepare(object) {
    const workloads = isFields(object.spec) ? listAt(object.spec, 'workloads') : []
    if (workloads.length > 0) return
    throw invalid(workloadRebalancerKind, object.metadata.name, [
      invalidValue('spec.workloads', workloads.length, 'should have at least 1 items'),
    ])
  },
}

function manifestOf(work: KubeObject): unknown {
  return listAt(work, 'spec', 'workload', 'manifests')[0]
}
