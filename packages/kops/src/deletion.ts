/** What kops has said so far of the deletion of a cluster. */
export type Deletion = { readonly deleted: number; readonly blocked: readonly string[] }

/** `type:id<TAB>ok` when it is gone, `type:id<TAB>still has dependencies, will retry` when something holds it. */
const line = /^([a-z0-9-]+:\S+)\s+(ok|still has dependencies.*)$/

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

/** `waiting for 2 things: subnet subnet-1, vpc vpc-1`. */
export function describeBlocked(blocked: readonly string[]): string {
  const names = blocked.map(resource => resource.replace(':', ' ')).sort()
  const more = names.length > 6 ? ` and ${names.length - 6} more` : ''
  return `something else still uses ${names.slice(0, 6).join(', ')}${more}`
}
