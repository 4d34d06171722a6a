import type { ClientRequest } from 'node:http'
import { request } from 'node:https'
import type { Hint } from '@meridian/runner'
import { optionsOf, type Wire } from './exchange.ts'

/** What a server tells of changes: `next` resolves at the next one. It may lose some, or tell nothing at all. */
export type Changes = Hint

/** What cannot be opened, or has ended, is tried again when somebody asks for changes, and not more often. */
const reopenMilliseconds = 1_000

/**
 * Follows lists of objects, from when somebody first asks for changes; what is there when that begins counts as one. `paths` are
 * those of the lists.
 */
export function watchChanges(wire: Wire, paths: () => Promise<readonly string[]>): Changes {
  const streams = new Map<string, ClientRequest>()
  const closing = new AbortController()
  const ended = AbortSignal.any([wire.signal, closing.signal])
  let openedAt = Number.NEGATIVE_INFINITY
  let change = Promise.withResolvers<void>()
  const tell = () => {
    change.resolve()
    change = Promise.withResolvers()
  }
  const follow = async (path: string) => {
    const options = await optionsOf(wire, { method: 'GET', headers: { accept } })
    if (ended.aborted || streams.has(path)) return
    const stream = request(
      new URL(`${wire.server}${path}?watch=true`),
      { ...options, signal: ended },
      answer =>
        // The text of a refusal is no change.
        answer.on('data', answer.statusCode === 200 ? tell : () => {}),
    )
    streams.set(path, stream)
    stream.on('error', () => {})
    stream.on('close', () => streams.delete(path))
    stream.end()
  }
  const open = async () => {
    openedAt = Date.now()
    for (const path of await paths()) if (!streams.has(path)) await follow(path)
  }
  return {
    next() {
      if (!ended.aborted && Date.now() - openedAt > reopenMilliseconds) open().catch(() => {})
      return change.promise
    },
    close: () => closing.abort(),
  }
}

/** Objects without what is not metadata: nobody reads them here. */
const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json'
