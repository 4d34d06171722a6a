import { type ControlLoop, startControlLoop } from '@meridian/lab-clusters/control-loop'
import type { KubeObject } from '@meridian/lab-kube-api'
import type { ControlPlane } from '../control-plane.ts'
import { tell } from '../tell.ts'
import { ensureWork } from '../works.ts'

const name = 'karmada-impersonator'
const labels = { 'karmada.io/system': 'true' }

/** The unified-auth controller: lets the impersonator account of each member act for the admin of the federation. */
export function startImpersonation(plane: ControlPlane): ControlLoop {
  const loop = startControlLoop({
    clock: plane.world.clock,
    reconcile(cluster) {
      const found = plane.store.get('Cluster', undefined, cluster)
      if (!found || found.metadata.deletionTimestamp) return
      const made = buildImpersonator().map(manifest => ensureWork(plane, { cluster, manifest, owner: found }))
      if (!made.includes(true)) return
      const message = 'Sync impersonation config succeed.'
      const component = 'unified-auth-controller'
      tell(plane, [found], { reason: 'SyncImpersonationConfigSucceed', message, component })
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
      metadata: { name, labels },
      rules: [
        { apiGroups: [''], resources: ['users'], verbs: ['impersonate'], resourceNames: ['system:admin'] },
        { apiGroups: [''], resources: ['groups'], verbs: ['impersonate'], resourceNames: ['system:masters'] },
      ],
    },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: 'karmada-cluster' }],
    },
  ]
}
