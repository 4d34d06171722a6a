import type {
  Candidate,
  ClusterAffinity,
  LabelSelector,
  Placement,
  Requirement,
  Taint,
  Toleration,
} from './types.ts'

/** Why a cluster cannot take a workload, in the scheduler's words; undefined when it can. */
export function rejection(
  cluster: Candidate,
  template: { apiVersion: string; kind: string },
  placement: Placement,
  affinity: ClusterAffinity | undefined,
  scheduledBefore: boolean,
): string | undefined {
  if (affinity && !matchesAffinity(cluster, affinity))
    return 'cluster(s) did not match the placement cluster affinity constraint'
  if (!scheduledBefore) {
    if (!cluster.enables(template.apiVersion, template.kind))
      return 'cluster(s) did not have the API resource'
    const taint = untolerated(cluster.taints, placement.clusterTolerations ?? [])
    if (taint) return `cluster(s) had untolerated taint {${describeTaint(taint)}}`
  }
  return (
    lacksSpreadProperty(cluster, placement) ??
    (cluster.evicting ? 'cluster(s) is in the process of eviction' : undefined)
  )
}

/** Whether a cluster is inside an affinity: names, exclusions, labels and fields must all agree. */
export function matchesAffinity(cluster: Candidate, affinity: ClusterAffinity): boolean {
  if (affinity.exclude?.includes(cluster.name)) return false
  if (affinity.clusterNames?.length && !affinity.clusterNames.includes(cluster.name)) return false
  if (affinity.labelSelector && !matchesLabels(cluster.labels, affinity.labelSelector)) return false
  return (affinity.fieldSelector?.matchExpressions ?? []).every(each => matchesField(cluster, each))
}

/** Kubernetes' label selector: all matchLabels and all matchExpressions. */
export function matchesLabels(labels: Readonly<Record<string, string>>, selector: LabelSelector): boolean {
  const exact = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value)
  return (
    exact &&
    (selector.matchExpressions ?? []).every(each => matchesValues(each, presentOnly(labels[each.key])))
  )
}

function matchesField(cluster: Candidate, requirement: Requirement): boolean {
  const fields: Record<string, string[]> = {
    region: presentOnly(cluster.region),
    provider: presentOnly(cluster.provider),
    zone: cluster.zones,
  }
  const present = fields[requirement.key] ?? []
  // A cluster spanning several zones is "in" a zone list only when all of its zones are.
  if (requirement.key === 'zone' && requirement.operator === 'In') {
    return present.length > 0 && present.every(zone => requirement.values?.includes(zone))
  }
  return matchesValues(requirement, present)
}

function matchesValues(requirement: Requirement, present: string[]): boolean {
  const hit = present.some(value => requirement.values?.includes(value))
  switch (requirement.operator) {
    case 'In':
      return hit
    case 'NotIn':
      return !hit
    case 'Exists':
      return present.length > 0
    case 'DoesNotExist':
      return present.length === 0
    default:
      return false
  }
}

function describeTaint({ key, value, effect }: Taint): string {
  return `${key}${value ? `=${value}` : ''}:${effect}`
}

/** The first taint that keeps workloads off and is not tolerated. */
export function untolerated(taints: Taint[], tolerations: Toleration[]): Taint | undefined {
  const hindering = taints.filter(taint => taint.effect === 'NoSchedule' || taint.effect === 'NoExecute')
  return hindering.find(taint => !tolerations.some(toleration => tolerates(toleration, taint)))
}

function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false
  if (toleration.key && toleration.key !== taint.key) return false
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '')
}

function lacksSpreadProperty(cluster: Candidate, placement: Placement): string | undefined {
  const fields = (placement.spreadConstraints ?? []).map(each => each.spreadByField)
  if (fields.includes('provider') && !cluster.provider) return 'cluster(s) did not have provider property'
  if (fields.includes('region') && !cluster.region) return 'cluster(s) did not have region property'
  if (fields.includes('zone') && cluster.zones.length === 0) return 'cluster(s) did not have zones property'
  return undefined
}

function presentOnly(value: string | undefined): string[] {
  return value === undefined || value === '' ? [] : [value]
}
