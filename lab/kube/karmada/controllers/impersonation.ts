import type { KubeObject } from '../../api/index.ts'
import { type ControlLoop, startControlLoop } from '../../control-loop.ts'
import type { ControlPlane } from '../control-plane.ts'
import { ensureWork } from '../works.ts'

const name = 'karmada-impersonator'

/** The unified-auth controller: lets the impersonator account of each member act for the admin of the federation. */
export function startImpersonation(plane: ControlPlane): ControlLoop {
  const loop = startControlLoop({
    clock: plane.world.clock,
    reconcile(cluster) {
      const found = plane.store.get('Cluster', undefined, cluster)
      if (!found || found.metadata.deletionTimestamp) return
      for (const manifest of buildImpersonator()) ensureWork(plane, { cluster, manifest })
    },
  })
  loop.follow(plane.store, 'Cluster', object => [object.metadata.name])
  return loop
}

function buildImpersonator(): KubeObject[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1'
  return [
    {
      apiVersion,
      kind: 'ClusterRole',
      metadata: { name },
      rules: [
        { apiGroups: [''], resources: ['users'], verbs: ['impersonate'], resourceNames: ['system:admin'] },
        { apiGroups: [''], resources: ['groups'], verbs: ['impersonate'], resourceNames: ['system:masters'] },
      ],
    },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: 'karmada-cluster' }],
    },
  ]
}
