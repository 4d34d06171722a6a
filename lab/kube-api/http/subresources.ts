import type { Kind } from '../kind.ts'

export type Subresource = {
  name: string
  group: string
  version: string
  kind: string
  verbs: readonly string[]
}

const core = { group: '', version: 'v1' }

const proxyVerbs = ['create', 'delete', 'get', 'patch', 'update']
const proxyOf = (kind: string) => ({ name: 'proxy', ...core, kind: `${kind}ProxyOptions`, verbs: proxyVerbs })

const ofPods: readonly Subresource[] = [
  { name: 'log', ...core, kind: 'Pod', verbs: ['get'] },
  { name: 'portforward', ...core, kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
  proxyOf('Pod'),
]

const ofAccounts: Subresource = {
  name: 'token',
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenRequest',
  verbs: ['create'],
}

/** The subresources of a kind, but for the `proxy` that leads to another server. */
export function subresourcesOf(kind: Kind): Subresource[] {
  const { group, version } = kind
  const verbs = ['get', 'patch', 'update']
  return [
    ...(kind.status ? [{ name: 'status', group, version, kind: kind.kind, verbs }] : []),
    ...(kind.approval ? [{ name: 'approval', group, version, kind: kind.kind, verbs }] : []),
    ...(kind.scale ? [{ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs }] : []),
    ...(kind.kind === 'Pod' && group === '' ? ofPods : []),
    ...(kind.kind === 'ServiceAccount' ? [ofAccounts] : []),
    ...(kind.kind === 'Service' && group === '' ? [proxyOf('Service')] : []),
    ...(kind.kind === 'Namespace'
      ? [{ name: 'finalize', ...core, kind: 'Namespace', verbs: ['update'] }]
      : []),
  ]
}
