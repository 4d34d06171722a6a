/** What kops has said so far of the deletion of a cluster; resources as `type:id`. */
export type Deletion = { readonly deleted: number; readonly blocked: readonly string[] }

/**
 * `type:id<TAB>ok` when it is gone, `type:id<TAB>still has dependencies, will retry` when something holds it, and
 * `type:id<TAB>error deleting resources, will retry: …` when AWS refused for another reason.
 */
const line = /^([a-z0-9-]+:\S+)\s+(ok|still has dependencies.*|error deleting.*)$/

/**
 * Adds a line of `kops delete cluster` to what is known; returns undefined for a line that says nothing of a
 * resource. A resource that was blocked is so until it is deleted.
 */
export function readDeletion(known: Deletion, text: string): Deletion | undefined {
  const [, resource, outcome] = line.exec(text.trim()) ?? []
  if (resource === undefined) return undefined
  const others = known.blocked.filter(blocked => blocked !== resource)
  if (outcome === 'ok') return { deleted: known.deleted + 1, blocked: others }
  return { deleted: known.deleted, blocked: [...others, resource] }
}

/** What holds a thing of a type, as AWS sees it: the first of them that is still there is what one waits for. */
const holders: Record<string, readonly string[]> = {
  'dhcp-options': ['vpc'],
  'internet-gateway': ['load-balancer', 'instance'],
  'route-table': ['subnet'],
  'security-group': ['load-balancer', 'instance', 'network-interface'],
  subnet: ['load-balancer', 'instance', 'network-interface'],
  'target-group': ['load-balancer'],
  volume: ['instance'],
  vpc: ['subnet', 'security-group', 'internet-gateway', 'route-table'],
}
const most = 6

/**
 * What is still there, and what of it kops waits for: `vpc vpc-1 is still used by subnet subnet-1`. What nothing of
 * the cluster's own holds is in use by something that kops does not see. Pure.
 */
export function describeBlocked({ deleted, blocked }: Deletion): string {
  const waits = [...blocked].sort().map(resource => {
    const types = holders[typeOf(resource)] ?? []
    return { resource, held: types.flatMap(type => blocked.filter(other => typeOf(other) === type)) }
  })
  const unseen = waits.filter(({ held }) => held.length === 0).map(({ resource }) => nameOf(resource))
  const sentences = waits
    .filter(({ held }) => held.length > 0)
    .map(({ resource, held }) => `${nameOf(resource)} is still used by ${shorten(held.map(nameOf))}`)
  if (unseen.length > 0) {
    const many = unseen.length > 1 ? 'are' : 'is'
    sentences.unshift(
      `${shorten(unseen)} ${many} still used by something that kops does not list, such as the interfaces of a load balancer`,
    )
  }
  return `${deleted} deleted; ${shorten(sentences, '; ')}`
}

const typeOf = (resource: string) => resource.slice(0, resource.indexOf(':'))
const nameOf = (resource: string) => resource.replace(':', ' ')

function shorten(names: readonly string[], separator = ', '): string {
  const more = names.length > most ? ` and ${names.length - most} more` : ''
  return names.slice(0, most).join(separator) + more
}
