import type { ListResourceRecordSetsCommand, ResourceRecordSet } from '@aws-sdk/client-route-53'
import { parseXML } from '@aws-sdk/xml-builder'

/** A record set as it was read, with the names of those of its members that the SDK has left out. */
export type ReadRecordSet = ResourceRecordSet & { readonly unread?: readonly string[] }

type Tree = { readonly [name: string]: unknown }

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === '' ? [] : [value]

/**
 * Has a listing told in Route 53's own words too: the SDK leaves out every member that is newer than itself, and
 * says nothing. Returns what gives the sets of its answer the names of what they have lost.
 */
export function watchListing(
  command: ListResourceRecordSetsCommand,
): (sets: readonly ResourceRecordSet[]) => ReadRecordSet[] {
  let text: string | undefined
  command.middlewareStack.add(
    next => async args => {
      const result = await next(args)
      const response = result.response as { body: AsyncIterable<Uint8Array> | Uint8Array }
      const body = await bytesOf(response.body)
      text = body.toString('utf8')
      response.body = body
      return result
    },
    { step: 'deserialize', name: 'watchListing', priority: 'low' },
  )
  return sets => (text === undefined || sets.length === 0 ? [...sets] : markUnread(text, sets))
}

async function bytesOf(body: AsyncIterable<Uint8Array> | Uint8Array): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body)
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Puts the sets that the SDK has read beside the listing's text. Pure. */
export function markUnread(listing: string, sets: readonly ResourceRecordSet[]): ReadRecordSet[] {
  const [root] = Object.values(parseXML(listing) as Tree)
  const list =
    isTree(root) && isTree(root.ResourceRecordSets) ? root.ResourceRecordSets.ResourceRecordSet : []
  const written = listOf(list)
  return sets.map((set, at) => {
    const unread = lostMembers(written[at], set)
    return unread.length === 0 ? set : { ...set, unread }
  })
}

/** The names of what was written and not read, as paths from the set's own members. */
function lostMembers(written: unknown, read: unknown): string[] {
  if (Array.isArray(read)) return lostItems(written, read)
  if (!isTree(written)) return []
  const values: Tree = isTree(read) ? read : {}
  return Object.entries(written).flatMap(([name, value]) => {
    if (value === '') return []
    if (values[name] === undefined) return [name]
    return lostMembers(value, values[name]).map(path => `${name}.${path}`)
  })
}

/** A list is an element that has one more for each item. */
function lostItems(written: unknown, read: readonly unknown[]): string[] {
  const items = isTree(written) ? Object.values(written).flatMap(listOf) : []
  const lost = items.flatMap((item, at) => (at < read.length ? lostMembers(item, read[at]) : ['…']))
  return [...new Set(lost)]
}
