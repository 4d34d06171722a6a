import { listAt, textAt } from '@meridian/lab-world/json'
import { column, columns, nameColumn, wide } from '../columns.ts'
import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'

const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1', nameRule: 'path' } as const
const createdColumn = column('Created At', ({ metadata }) => metadata.creationTimestamp ?? '')

export const roleKind: Kind = {
  ...rbac,
  kind: 'Role',
  plural: 'roles',
  singular: 'role',
  namespaced: true,
  columns: [nameColumn, createdColumn],
}

export const clusterRoleKind: Kind = {
  ...rbac,
  kind: 'ClusterRole',
  plural: 'clusterroles',
  singular: 'clusterrole',
  namespaced: false,
  columns: [nameColumn, createdColumn],
}

const subjectsOf =
  (kind: string, separator = '') =>
  (binding: KubeObject) =>
    listAt(binding, 'subjects')
      .filter(subject => textAt(subject, 'kind') === kind)
      .map(
        subject => (separator ? `${textAt(subject, 'namespace')}${separator}` : '') + textAt(subject, 'name'),
      )
      .join(', ')

const bindingColumns = columns(
  [column('Role', binding => `${textAt(binding, 'roleRef', 'kind')}/${textAt(binding, 'roleRef', 'name')}`)],
  [
    wide('Users', subjectsOf('User')),
    wide('Groups', subjectsOf('Group')),
    wide('ServiceAccounts', subjectsOf('ServiceAccount', '/')),
  ],
)

export const roleBindingKind: Kind = {
  ...rbac,
  kind: 'RoleBinding',
  plural: 'rolebindings',
  singular: 'rolebinding',
  namespaced: true,
  columns: bindingColumns,
}

export const clusterRoleBindingKind: Kind = {
  ...rbac,
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  namespaced: false,
  columns: bindingColumns,
}
