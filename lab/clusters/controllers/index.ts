import type { Cluster, Stop } from '../cluster.ts'
import { startCronJobs } from './cron-job.ts'
import { startDaemonSets } from './daemon-set.ts'
import { startDeployments } from './deployment.ts'
import { startEndpointSlices } from './endpoint-slice.ts'
import { startJobs } from './job.ts'
import { startPods } from './pod.ts'
import { startReplicaSets } from './replica-set.ts'
import { startServiceAccountTokens } from './service-account-token.ts'
import { startLoadBalancers } from './service-load-balancer.ts'
import { startStatefulSets } from './stateful-set.ts'
import { startVolumeClaims } from './volume-claim.ts'

const starters = [
  startServiceAccountTokens,
  startDeployments,
  startReplicaSets,
  startStatefulSets,
  startDaemonSets,
  startJobs,
  startCronJobs,
  startPods,
  startEndpointSlices,
  startVolumeClaims,
  startLoadBalancers,
]

/** Starts all controllers of a cluster. */
export function startControllers(cluster: Cluster): Stop {
  const loops = starters.map(start => start(cluster))
  return () => {
    for (const loop of loops) loop.stop()
  }
}
