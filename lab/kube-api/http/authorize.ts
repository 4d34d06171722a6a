import { type Fields, isFields, listAt, textAt } from '@meridian/lab-world/json'
import { StatusError } from '../status-error.ts'
import type { Store } from '../store.ts'
import type { User } from '../user.ts'
import { masters } from './authenticate.ts'

/** What somebody wants to do; a page has `path` instead of a resource. */
export type Attributes = {
  verb: string
  group?: string
  resource?: string
  subresource?: string
  namespace?: string
  name?: string
  path?: string
}

const authorization = 'authorization.k8s.io'

/** What Kubernetes' own roles allow every user: to ask for pages of discovery, and about oneself. */
const rulesOfEverybody = [
  {
    verbs: ['create'],
    apiGroups: [authorization],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
  { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
  {
    verbs: ['get'],
    nonResourceURLs: ['/api', '/apis', '/healthz', '/livez', '/openapi', '/readyz', '/version'].flatMap(
      page => [page, `${page}/*`],
    ),
  },
]

/** Whether RBAC in this store allows it. `system:masters` may do everything, discovery is open to all users. */
export function isAllowed(user: User, attributes: Attributes, store: Store): boolean {
  if (user.groups.includes(masters)) return true
  return rulesOf(user, attributes.namespace, store).some(rule => permits(rule, attributes))
}

/** Throws 403 in the words of Kubernetes' RBAC authorizer. */
export function authorize(user: User, attributes: Attributes, store: Store): void {
  if (isAllowed(user, attributes, store)) return
  const { verb, group = '', resource = '', subresource, namespace, name, path } = attributes
  const who = `User "${user.name}"`
  if (path !== undefined)
    throw new StatusError(403, 'Forbidden', `forbidden: ${who} cannot ${verb} path "${path}"`, {})
  const what = resource + (subresource ? `/${subresource}` : '')
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope'
  const subject = (group ? `${resource}.${group}` : resource) + (name ? ` "${name}"` : '')
  const message = `${subject} is forbidden: ${who} cannot ${verb} resource "${what}" in API group "${group}" ${where}`
  throw new StatusError(403, 'Forbidden', message, {
    ...(name ? { name } : {}),
    ...(group ? { group } : {}),
    kind: resource,
  })
}

/** What RBAC allows a user, everywhere and in a namespace. */
export function rulesOf(user: User, namespace: string | undefined, store: Store): unknown[] {
  const everywhere = bindings(store, 'ClusterRoleBinding', undefined, user)
  const here = namespace ? bindings(store, 'RoleBinding', namespace, user) : []
  const granted = [...everywhere, ...here].flatMap(({ role, within }) => {
    const kind = textAt(role, 'kind')
    const found =
      store.findKind(kind) && store.get(kind, kind === 'Role' ? within : undefined, textAt(role, 'name'))
    return listAt(found, 'rules')
  })
  const besides = (user.grants ?? []).filter(
    ({ namespaces }) => !namespaces || (namespace !== undefined && namespaces.includes(namespace)),
  )
  return [...rulesOfEverybody, ...granted, ...besides.flatMap(({ rules }) => rules)]
}

function bindings(
  store: Store,
  kind: string,
  namespace: string | undefined,
  user: User,
): { role: Fields; within?: string }[] {
  if (!store.findKind(kind)) return []
  return store.list(kind, { namespace }).flatMap(binding => {
    const bound = listAt(binding, 'subjects').some(subject => isSubject(subject, user, namespace))
    return bound && isFields(binding.roleRef) ? [{ role: binding.roleRef, within: namespace }] : []
  })
}

function isSubject(subject: unknown, user: User, namespace = ''): boolean {
  const name = textAt(subject, 'name')
  switch (textAt(subject, 'kind')) {
    case 'User':
      return name === user.name
    case 'Group':
      return user.groups.includes(name)
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${textAt(subject, 'namespace') || namespace}:${name}`
    default:
      return false
  }
}

function permits(
  rule: unknown,
  { verb, group = '', resource = '', subresource, name = '', path }: Attributes,
): boolean {
  if (!covers(rule, 'verbs', verb)) return false
  if (path !== undefined) {
    return listAt(rule, 'nonResourceURLs').some(
      url =>
        url === path || (typeof url === 'string' && url.endsWith('*') && path.startsWith(url.slice(0, -1))),
    )
  }
  const what = resource + (subresource ? `/${subresource}` : '')
  const names = listAt(rule, 'resourceNames')
  const named = names.length === 0 || names.includes(name)
  const resources =
    covers(rule, 'resources', what) || (subresource ? covers(rule, 'resources', `*/${subresource}`) : false)
  return named && covers(rule, 'apiGroups', group) && resources
}

function covers(rule: unknown, field: string, value: string): boolean {
  const values = listAt(rule, field)
  return values.includes('*') || values.includes(value)
}
