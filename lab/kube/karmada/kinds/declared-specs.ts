import type { Declared } from '../../api/index.ts'

/** The names of leaf fields, each of which may hold anything. */
function leaves(names: string): Record<string, true> {
  return Object.fromEntries(names.split(' ').map(name => [name, true] as const))
}

// By the types of Karmada 1.18 in its API groups policy, cluster and apps.
const labelSelector: Declared = {
  ...leaves('matchLabels'),
  matchExpressions: leaves('key operator values'),
}
const fieldSelector: Declared = { matchExpressions: leaves('key operator values') }
const affinity = { ...leaves('clusterNames exclude'), labelSelector, fieldSelector }
const resourceSelectors: Declared = { ...leaves('apiVersion kind namespace name'), labelSelector }

const placement: Declared = {
  clusterAffinity: affinity,
  clusterAffinities: {
    ...affinity,
    affinityName: true,
    overflowAffinities: { ...affinity, affinityName: true },
  },
  clusterTolerations: leaves('key operator value effect tolerationSeconds'),
  spreadConstraints: leaves('spreadByField spreadByLabel maxGroups minGroups'),
  replicaScheduling: {
    ...leaves('replicaSchedulingType replicaDivisionPreference'),
    weightPreference: { dynamicWeight: true, staticWeightList: { targetCluster: affinity, weight: true } },
  },
  workloadAffinity: { affinity: leaves('groupByLabelKey'), antiAffinity: leaves('groupByLabelKey') },
}

const statePreservation: Declared = { rules: leaves('aliasLabelName jsonPath') }

export const propagationSpec: Declared = {
  ...leaves('association propagateDeps priority preemption dependentOverrides schedulerName'),
  ...leaves('conflictResolution activationPreference preserveResourcesOnDeletion'),
  resourceSelectors,
  placement,
  failover: {
    application: {
      decisionConditions: leaves('tolerationSeconds'),
      ...leaves('purgeMode gracePeriodSeconds'),
      statePreservation,
    },
    cluster: { purgeMode: true, statePreservation },
  },
  suspension: { dispatching: true, dispatchingOnClusters: leaves('clusterNames') },
  schedulePriority: leaves('priorityClassSource priorityClassName'),
}

const patches = leaves('subPath operator value')
const overriders: Declared = {
  plaintext: leaves('path operator value'),
  imageOverrider: { ...leaves('component operator value'), predicate: leaves('path') },
  commandOverrider: leaves('containerName operator value'),
  argsOverrider: leaves('containerName operator value'),
  labelsOverrider: leaves('operator value'),
  annotationsOverrider: leaves('operator value'),
  fieldOverrider: { fieldPath: true, json: patches, yaml: patches },
}

export const overrideSpec: Declared = {
  resourceSelectors,
  overrideRules: { targetCluster: affinity, overriders },
  targetCluster: affinity,
  overriders,
}

const conditions = leaves('conditionType operator statusValues')
export const taintPolicySpec: Declared = {
  targetClusters: affinity,
  addOnConditions: conditions,
  removeOnConditions: conditions,
  taints: leaves('key effect value'),
}

export const clusterSpec: Declared = {
  ...leaves(
    'id syncMode apiEndpoint insecureSkipTLSVerification proxyURL proxyHeader provider region zone zones',
  ),
  secretRef: leaves('namespace name'),
  impersonatorSecretRef: leaves('namespace name'),
  taints: leaves('key value effect timeAdded'),
  resourceModels: { grade: true, ranges: leaves('name min max') },
}

export const rebalancerSpec: Declared = {
  workloads: leaves('apiVersion kind name namespace'),
  ttlSecondsAfterFinished: true,
}
