import { column, columns, nameColumn, wide } from '../columns.ts'
import type { Kind } from '../kind.ts'
import { type KubeObject, listAt, sameJson, textAt } from '../objects.ts'
import { invalid, invalidValue } from '../status-error.ts'

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

// A binding that could be pointed at another role would grant more than its author meant.
function keepRole(kind: () => Kind): NonNullable<Kind['prepare']> {
  return (binding, previous) => {
    if (!previous || sameJson(previous.roleRef, binding.roleRef)) return
    throw invalid(kind(), binding.metadata.name, [
      invalidValue('roleRef', binding.roleRef, 'cannot change roleRef'),
    ])
  }
}

export const roleBindingKind: Kind = {
  ...rbac,
  kind: 'RoleBinding',
  plural: 'rolebindings',
  singular: 'rolebinding',
  namespaced: true,
  columns: bindingColumns,
  prepare: keepRole(() => roleBindingKind),
}

export const clusterRoleBindingKind: Kind = {
  ...rbac,
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  namespaced: false,
  columns: bindingColumns,
  prepare: keepRole(() => clusterRoleBindingKind),
}
