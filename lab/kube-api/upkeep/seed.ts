import type { Fields } from '@meridian/lab-world/json'
import { masters } from '../http/authenticate.ts'
import type { KubeObject } from '../objects.ts'
import type { Store } from '../store.ts'

const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' }

function seeds(): KubeObject[] {
  const everything: Fields[] = [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ]
  const subjects = [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: masters }]
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' }
  const metadata = { name: 'cluster-admin', labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } }
  return [
    ...['default', 'kube-system', 'kube-public', 'kube-node-lease'].map(name => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    })),
    { ...rbac, kind: 'ClusterRole', metadata, rules: everything },
    { ...rbac, kind: 'ClusterRoleBinding', metadata, roleRef, subjects },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'kubernetes',
        namespace: 'default',
        labels: { component: 'apiserver', provider: 'kubernetes' },
      },
      spec: {
        type: 'ClusterIP',
        sessionAffinity: 'None',
        ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 443 }],
      },
    },
  ]
}

/** What an API server makes for itself: its namespaces, the administrator's role, the Service `kubernetes`. */
export function seed(store: Store): void {
  for (const object of seeds()) {
    if (store.findKind(object.kind)) store.create(object.kind, object, { manager: 'kube-apiserver' })
  }
}
