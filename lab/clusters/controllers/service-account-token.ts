import { type KubeObject, mintToken, serviceAccountUser } from '@meridian/lab-kube-api'
import { type Cluster, trustOf } from '../cluster.ts'
import { type Again, type ControlLoop, keyOf, splitKey, startControlLoop } from '../control-loop.ts'

const tokenType = 'kubernetes.io/service-account-token'
const nameAnnotation = 'kubernetes.io/service-account.name'
const lateSeconds = 60
const uidAnnotation = 'kubernetes.io/service-account.uid'

/** The token controller: Secrets of type service-account-token get a token that authenticates, and lose it with them. */
export function startServiceAccountTokens(cluster: Cluster): ControlLoop {
  const issued = new Map<string, string>()
  const due = new Map<string, number>()
  const loop = startControlLoop({
    clock: cluster.world.clock,
    reconcile(key) {
      const again = waitOf(cluster, due, key)
      return again > 0 ? again : reconcile(cluster, issued, key)
    },
  })
  loop.follow(cluster.store, 'Secret', object => (object.type === tokenType ? [keyOf(object)] : []))
  loop.follow(cluster.store, 'ServiceAccount', account => secretsOf(cluster, account))
  return loop
}

/** World seconds for which a Secret that nobody has seen before stays without its token. */
function waitOf({ world, store }: Cluster, due: Map<string, number>, key: string): number {
  if (!world.faults.active('slow-token')) return 0
  if (!store.get('Secret', ...splitKey(key))) due.delete(key)
  else if (!due.has(key)) due.set(key, world.clock.elapsed() + lateSeconds)
  return (due.get(key) ?? 0) - world.clock.elapsed()
}

function secretsOf(cluster: Cluster, account: KubeObject): string[] {
  const { namespace = 'default', name } = account.metadata
  const secrets = cluster.store.list('Secret', { namespace })
  return secrets.filter(each => each.metadata.annotations?.[nameAnnotation] === name).map(keyOf)
}

function reconcile(cluster: Cluster, issued: Map<string, string>, key: string): Again {
  const [namespace = 'default', name] = splitKey(key)
  const secret = cluster.store.get('Secret', namespace, name)
  const account = secret?.metadata.annotations?.[nameAnnotation]
  const owner = account ? cluster.store.get('ServiceAccount', namespace, account) : undefined
  const stale = owner && !isFor(secret, owner)
  if (!secret || !account || !owner || stale) {
    revoke(cluster, issued, key)
    if (secret && (stale || issuedBefore(secret))) cluster.store.remove('Secret', namespace, name)
    return
  }
  if (issued.has(key)) return
  const token = mintToken(claimsOf(namespace, account, name, owner.metadata.uid ?? ''))
  issued.set(key, token)
  cluster.server.tokens.set(token, serviceAccountUser(namespace, account))
  fill(cluster, secret, token, owner.metadata.uid ?? '')
}

function fill(cluster: Cluster, secret: KubeObject, token: string, uid: string): void {
  const { namespace, name } = secret.metadata
  const encode = (text: string) => Buffer.from(text).toString('base64')
  cluster.store.modify('Secret', namespace, name, draft => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [uidAnnotation]: uid }
    draft.data = {
      ...(draft.data as object | undefined),
      'ca.crt': encode(trustOf(cluster.spec)),
      namespace: encode(namespace ?? 'default'),
      token: encode(token),
    }
  })
}

function isFor(secret: KubeObject | undefined, owner: KubeObject): boolean {
  const uid = secret?.metadata.annotations?.[uidAnnotation]
  return uid === undefined || uid === owner.metadata.uid
}

function issuedBefore(secret: KubeObject): boolean {
  return secret.metadata.annotations?.[uidAnnotation] !== undefined
}

function revoke(cluster: Cluster, issued: Map<string, string>, key: string): void {
  const token = issued.get(key)
  if (token) cluster.server.tokens.delete(token)
  issued.delete(key)
}

function claimsOf(namespace: string, account: string, secret: string, uid: string) {
  return {
    iss: 'kubernetes/serviceaccount',
    'kubernetes.io/serviceaccount/namespace': namespace,
    'kubernetes.io/serviceaccount/secret.name': secret,
    'kubernetes.io/serviceaccount/service-account.name': account,
    'kubernetes.io/serviceaccount/service-account.uid': uid,
    sub: serviceAccountUser(namespace, account).name,
  }
}
