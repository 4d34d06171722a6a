import { fieldsAt, listAt, textAt } from '@meridian/lab-world/json'
import { readLabelSelector } from '../http/label-selector.ts'
import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import type { Store } from '../store.ts'

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE'
export type Phase = 'Mutating' | 'Validating'
/** A write as webhooks choose by: what it is about, before and after it. */
export type Matter = {
  operation: Operation
  kind: Kind
  subresource: string | undefined
  object: KubeObject | undefined
  previous: KubeObject | undefined
}

/** What of a write its address alone tells. */
export type Address = Pick<Matter, 'operation' | 'kind' | 'subresource'>

/** The webhooks of a phase whose rules fit an address, in the order in which they are called. */
export function findWebhooks(store: Store, phase: Phase, address: Address): unknown[] {
  const name = `${phase}WebhookConfiguration`
  // Nobody could mend a webhook that has a say in its own configuration.
  if (!store.findKind(name) || address.kind.group === 'admissionregistration.k8s.io') return []
  return store
    .list(name)
    .flatMap(configuration => listAt(configuration, 'webhooks'))
    .filter(webhook => listAt(webhook, 'rules').some(rule => fitsRule(rule, address)))
}

/** Whether the selectors of a webhook fit the objects of a write. */
export function selectsMatter(webhook: unknown, store: Store, matter: Matter): boolean {
  return selectsNamespace(webhook, store, matter) && selectsObject(webhook, matter)
}

function fitsRule(rule: unknown, { operation, kind, subresource }: Address): boolean {
  const holds = (field: string, value: string) =>
    listAt(rule, field).some(each => each === '*' || each === value)
  const scope = textAt(rule, 'scope') || '*'
  return (
    holds('operations', operation) &&
    holds('apiGroups', kind.group) &&
    holds('apiVersions', kind.version) &&
    (scope === '*' || scope === (kind.namespaced ? 'Namespaced' : 'Cluster')) &&
    listAt(rule, 'resources').some(each => fitsResource(String(each), kind.plural, subresource))
  )
}

/** `pods`, `*` (both without subresources), `pods/status`, `pods/*`, `*\/status` or `*\/*`. */
function fitsResource(wanted: string, plural: string, subresource = ''): boolean {
  const [resource, part = ''] = wanted.split('/')
  return (resource === '*' || resource === plural) && (part === subresource || part === '*')
}

function selectsNamespace(webhook: unknown, store: Store, { kind, object, previous }: Matter): boolean {
  const home = kind.kind === 'Namespace' ? (object ?? previous) : namespaceOf(store, object ?? previous)
  return home === undefined || readLabelSelector(fieldsAt(webhook, 'namespaceSelector'))(home)
}

function namespaceOf(store: Store, object: KubeObject | undefined): KubeObject | undefined {
  const name = object?.metadata.namespace
  return name === undefined ? undefined : store.get('namespaces', undefined, name)
}

function selectsObject(webhook: unknown, { object, previous }: Matter): boolean {
  const selects = readLabelSelector(fieldsAt(webhook, 'objectSelector'))
  return [object, previous].some(each => each !== undefined && selects(each))
}
