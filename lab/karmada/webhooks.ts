import type { Cluster } from '@meridian/lab-clusters'
import { type RequestSummary, resourceName, StatusError, type Store } from '@meridian/lab-kube-api'
import { listAt, textAt } from '@meridian/lab-world/json'
import { isComponentReady } from './components.ts'

const component = 'karmada-webhook'
const refusals = 3
const operations: Record<string, string> = {
  create: 'CREATE',
  update: 'UPDATE',
  patch: 'UPDATE',
  delete: 'DELETE',
}

/**
 * Refuses a write that a registered webhook of Karmada must see while no pod of it is ready. What the webhook itself
 * refuses is checked by the kinds.
 */
export function refuseWithoutWebhook(
  { store: host, world }: Cluster,
  store: Store,
  { verb, resource, subresource }: RequestSummary,
): StatusError | undefined {
  const operation = operations[verb]
  if (operation === undefined || subresource !== undefined) return undefined
  const configurations = [
    ...store.list('MutatingWebhookConfiguration'),
    ...store.list('ValidatingWebhookConfiguration'),
  ]
  const webhook = configurations
    .flatMap(configuration => listAt(configuration, 'webhooks'))
    .find(each => listAt(each, 'rules').some(rule => concerns(rule, operation, resource)))
  if (!webhook) return undefined
  if (isComponentReady(host, component) && !world.faults.strike('webhook-down', '', refusals))
    return undefined
  return unreachable(textAt(webhook, 'name'), textAt(webhook, 'clientConfig', 'url'))
}

function concerns(rule: unknown, operation: string, resource: string): boolean {
  const groups = listAt(rule, 'apiGroups').map(String)
  return (
    listAt(rule, 'operations').includes(operation) &&
    listAt(rule, 'resources').some(plural =>
      groups.some(group => resourceName({ group, plural: String(plural) }) === resource),
    )
  )
}

function unreachable(name: string, url: string): StatusError {
  const cause = `failed to call webhook: Post "${url}?timeout=3s": dial tcp 100.64.8.15:443: connect: connection refused`
  const message = `Internal error occurred: failed calling webhook "${name}": ${cause}`
  return new StatusError(500, 'InternalError', message, { causes: [{ message: message.slice(25) }] })
}
