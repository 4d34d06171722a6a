import {
  column,
  columns,
  type FieldProblem,
  findCondition,
  invalid,
  invalidValue,
  type Kind,
  type KubeObject,
  requiredValue,
  wide,
} from '@meridian/lab-kube-api'
import { isFields, listAt, textAt } from '@meridian/lab-world/json'
import { karmadaSchema } from './karmada-schemas.ts'

const nameLimit = 48

/** A member of the federation, as karmada-aggregated-apiserver serves it. */
export const clusterKind: Kind = {
  group: 'cluster.karmada.io',
  version: 'v1alpha1',
  kind: 'Cluster',
  schema: karmadaSchema('Cluster'),
  custom: false,
  plural: 'clusters',
  singular: 'cluster',
  categories: ['karmada-io'],
  namespaced: false,
  status: true,
  generation: true,
  nameRule: 'label',
  columns: columns(
    [
      column('Version', object => textAt(object, 'status', 'kubernetesVersion')),
      column('Mode', object => textAt(object, 'spec', 'syncMode')),
      column('Ready', object => findCondition(object, 'Ready')?.status ?? 'Unknown'),
    ],
    [
      wide('Zones', object => listAt(object, 'spec', 'zones').join(',')),
      wide('Region', object => textAt(object, 'spec', 'region')),
      wide('Provider', object => textAt(object, 'spec', 'provider')),
      wide('API-Endpoint', object => textAt(object, 'spec', 'apiEndpoint')),
      wide('Proxy-URL', object => textAt(object, 'spec', 'proxyURL')),
    ],
  ),
  prepare(object, previous) {
    const problems = [...nameProblems(object), ...specProblems(object)]
    if (problems.length > 0) throw invalid(clusterKind, object.metadata.name, problems)
    const finalizers = object.metadata.finalizers ?? []
    if (!previous && !finalizers.includes('karmada.io/cluster-controller')) {
      object.metadata.finalizers = [...finalizers, 'karmada.io/cluster-controller']
    }
  },
}

function nameProblems({ metadata: { name } }: KubeObject): FieldProblem[] {
  if (name.length <= nameLimit) return []
  return [invalidValue('metadata.name', name, `must be no more than ${nameLimit} characters`)]
}

function specProblems(object: KubeObject): FieldProblem[] {
  const spec = isFields(object.spec) ? object.spec : {}
  const problems = endpointProblems(spec.apiEndpoint)
  if (!spec.syncMode) problems.push(requiredValue('spec.syncMode'))
  else if (spec.syncMode !== 'Push' && spec.syncMode !== 'Pull') {
    const message = `Unsupported value: ${JSON.stringify(spec.syncMode)}: supported values: "Pull", "Push"`
    problems.push({ field: 'spec.syncMode', reason: 'FieldValueNotSupported', message })
  }
  for (const field of ['secretRef', 'impersonatorSecretRef']) {
    if (spec[field] === undefined) continue
    for (const part of ['namespace', 'name']) {
      if (!textAt(spec, field, part)) problems.push(requiredValue(`spec.${field}.${part}`))
    }
  }
  if (spec.zone && listAt(spec, 'zones').length > 0) {
    problems.push(invalidValue('spec.zone', spec.zone, 'zone and zones can not co-exist'))
  }
  return problems
}

function endpointProblems(endpoint: unknown): FieldProblem[] {
  if (endpoint === undefined || endpoint === '') return []
  const field = 'spec.apiEndpoint'
  const url = URL.parse(String(endpoint))
  if (!url?.host) return [invalidValue(field, endpoint, 'host must be specified')]
  if (url.username || url.password)
    return [invalidValue(field, endpoint, 'user information is not permitted')]
  if (url.search) return [invalidValue(field, endpoint, 'query parameters are not permitted')]
  return url.hash ? [invalidValue(field, endpoint, 'fragments are not permitted')] : []
}
