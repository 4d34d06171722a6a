import type { ControlLoop } from '@meridian/lab-clusters/control-loop'
import type { ControlPlane } from '../control-plane.ts'
import { startBindings } from './binding.ts'
import { startBindingStatus } from './binding-status.ts'
import { startClusterLifecycle } from './cluster-lifecycle.ts'
import { startClusterStatus } from './cluster-status.ts'
import { startDependencies } from './dependencies.ts'
import { startDetector } from './detector.ts'
import { startExecution } from './execution.ts'
import { startFinishedJobs } from './finished-jobs.ts'
import { startGracefulEviction } from './graceful-eviction.ts'
import { startImpersonation } from './impersonation.ts'
import { startNamespaceSync } from './namespace-sync.ts'
import { startRebalancer } from './rebalancer.ts'
import { startScheduler } from './scheduler.ts'
import { startTaintEviction } from './taint-eviction.ts'
import { startTaintPolicies } from './taint-policy.ts'
import { startWorkStatus } from './work-status.ts'

/** The controllers of each Deployment of the control plane: without its pod, nobody does its work. */
export const controllersOf: Record<string, (plane: ControlPlane) => ControlLoop[]> = {
  'karmada-controller-manager': plane => {
    const execution = startExecution(plane)
    return [
      execution,
      startWorkStatus(plane, execution),
      ...[
        startClusterLifecycle,
        startClusterStatus,
        startNamespaceSync,
        startDetector,
        startDependencies,
        startBindings,
        startBindingStatus,
        startImpersonation,
        startRebalancer,
        startTaintPolicies,
        startTaintEviction,
        startGracefulEviction,
      ].map(start => start(plane)),
    ]
  },
  'kube-controller-manager': plane => [startFinishedJobs(plane)],
  'karmada-scheduler': plane => [startScheduler(plane)],
}
