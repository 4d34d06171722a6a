import type { ClusterKind } from './cluster-kind.ts'
import { inTreeController } from './load-balancer.ts'
import { buildNode } from './nodes.ts'
import { seedObjects } from './seed-objects.ts'
import { buildSystemPods } from './system-pods.ts'

/** Clusters as kops makes them. */
export const kopsKind: ClusterKind = {
  standing: false,
  certificateNames: ({ apiHost, name }) => [
    apiHost,
    `api.internal.${name}`,
    'kubernetes.default.svc',
    'localhost',
    '127.0.0.1',
  ],
  seed: seedObjects,
  node: buildNode,
  systemPods: buildSystemPods,
  provisioners: ['ebs.csi.aws.com'],
  loadBalancers: [inTreeController],
}
