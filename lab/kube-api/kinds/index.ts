import type { Kind } from '../kind.ts'
import { clusterRoleBindingKind, clusterRoleKind, roleBindingKind, roleKind } from './access.ts'
import {
  configMapKind,
  leaseKind,
  priorityClassKind,
  secretKind,
  serviceAccountKind,
} from './configuration.ts'
import { cronJobKind } from './cron-job.ts'
import { eventKind } from './events.ts'
import { apiServiceKind, definitionKind, mutatingWebhooksKind, validatingWebhooksKind } from './extension.ts'
import { endpointSliceKind, endpointsKind, ingressKind, networkPolicyKind } from './network.ts'
import { namespaceKind, nodeKind, podKind } from './pods-and-nodes.ts'
import { autoscalerKind, disruptionBudgetKind } from './scaling.ts'
import { serviceKind } from './service.ts'
import { signingRequestKind } from './signing-request.ts'
import { claimKind, storageClassKind, volumeDriverKind, volumeKind } from './storage.ts'
import {
  controllerRevisionKind,
  daemonSetKind,
  deploymentKind,
  jobKind,
  replicaSetKind,
  statefulSetKind,
} from './workloads.ts'

/** The kinds of Kubernetes itself, in the order in which discovery lists their groups. */
export const coreKinds: readonly Kind[] = [
  configMapKind,
  endpointsKind,
  eventKind,
  namespaceKind,
  nodeKind,
  claimKind,
  volumeKind,
  podKind,
  secretKind,
  serviceAccountKind,
  serviceKind,
  apiServiceKind,
  controllerRevisionKind,
  daemonSetKind,
  deploymentKind,
  replicaSetKind,
  statefulSetKind,
  autoscalerKind,
  cronJobKind,
  jobKind,
  signingRequestKind,
  ingressKind,
  networkPolicyKind,
  disruptionBudgetKind,
  clusterRoleBindingKind,
  clusterRoleKind,
  roleBindingKind,
  roleKind,
  volumeDriverKind,
  storageClassKind,
  mutatingWebhooksKind,
  validatingWebhooksKind,
  definitionKind,
  priorityClassKind,
  leaseKind,
  endpointSliceKind,
]
