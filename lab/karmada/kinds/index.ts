import type { Kind } from '@meridian/lab-kube-api'
import { clusterKind } from './cluster.ts'
import {
  clusterOverridePolicyKind,
  clusterPropagationPolicyKind,
  overridePolicyKind,
  propagationPolicyKind,
} from './policies.ts'
import { clusterResourceBindingKind, resourceBindingKind, workKind, workloadRebalancerKind } from './work.ts'

/** The kinds that Karmada adds to Kubernetes' own. */
export const karmadaKinds: readonly Kind[] = [
  clusterKind,
  propagationPolicyKind,
  clusterPropagationPolicyKind,
  overridePolicyKind,
  clusterOverridePolicyKind,
  resourceBindingKind,
  clusterResourceBindingKind,
  workKind,
  workloadRebalancerKind,
]
export { karmadaDefinitions, karmadaWebhooks } from './karmada-schemas.ts'
