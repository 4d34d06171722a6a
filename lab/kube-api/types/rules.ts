import { accessRules, accessUpdates } from './access-rules.ts'
import { aggregationRules } from './aggregation-rules.ts'
import { clusterRules, clusterUpdates } from './cluster-rules.ts'
import { containerRules } from './container-rules.ts'
import { selectorRules } from './field-rules.ts'
import { jobRules, jobUpdates } from './job-rules.ts'
import { networkRules } from './network-rules.ts'
import { podRules, podUpdates } from './pod-rules.ts'
import { resourceRules } from './resource-rules.ts'
import type { TypeRules, UpdateRule } from './rule.ts'
import { scalingRules } from './scaling-rules.ts'
import { schedulingRules } from './scheduling-rules.ts'
import { serviceRules, serviceUpdates } from './service-rules.ts'
import { volumeRules, volumeUpdates } from './volume-rules.ts'
import { workloadRules, workloadUpdates } from './workload-rules.ts'

/**
 * What Kubernetes 1.35 checks beyond the schema that it publishes, by type (`core.v1.Container`). The source of each
 * rule is `pkg/apis/<group>/validation` of kubernetes/kubernetes.
 */
export const typeRules: Readonly<Record<string, TypeRules>> = {
  ...selectorRules,
  ...podRules,
  ...containerRules,
  ...resourceRules,
  ...schedulingRules,
  ...volumeRules,
  ...workloadRules,
  ...jobRules,
  ...scalingRules,
  ...serviceRules,
  ...networkRules,
  ...accessRules,
  ...clusterRules,
  ...aggregationRules,
}

/** What an update may not change, by group and kind (`apps/Deployment`). */
export const updateRules: Readonly<Record<string, readonly UpdateRule[]>> = {
  ...podUpdates,
  ...volumeUpdates,
  ...workloadUpdates,
  ...jobUpdates,
  ...serviceUpdates,
  ...accessUpdates,
  ...clusterUpdates,
}
