import { isFields } from '@meridian/lab-world/json'
import { render, renderText, type Scope } from './expressions.ts'

export type Group = { name: string; cancelInProgress: boolean; queue: 'single' | 'max' }

/** What comes of a request to enter a group: a place in it, or the reason why there is none. */
export type Entry =
  | { kind: 'entered' /** Aborts when a newer one takes the place. */; signal: AbortSignal; leave(): void }
  | { kind: 'cancelled'; reason: string }

/** The concurrency groups of one repository, shared by all its runs. */
export type Concurrency = { enter(group: Group, signal: AbortSignal): Promise<Entry> }

type Member = { cancel(reason: string): void; admit(): void }
type Place = { running: Member | undefined; waiting: Member[] }

/** GitHub's limit for `queue: max`. */
const longestQueue = 100

/**
 * Groups as GitHub has them: names in any case are one; one runs, and by default one waits, which a newer one replaces. With
 * `queue: max` all wait, in order. With `cancel-in-progress` the newer one also ends what runs, and waits for that.
 */
export function createConcurrency(): Concurrency {
  const places = new Map<string, Place>()
  return {
    enter(group, signal) {
      const key = group.name.toLowerCase()
      const place = places.get(key) ?? { running: undefined, waiting: [] }
      places.set(key, place)
      return enter(place, group, signal)
    },
  }
}

function enter(place: Place, group: Group, signal: AbortSignal): Promise<Entry> {
  const replaced = `Canceling since a higher priority waiting request for '${group.name}' exists`
  return new Promise(resolve => {
    const cancel = new AbortController()
    const withdraw = () => member.cancel('The run was canceled')
    const member: Member = {
      admit() {
        signal.removeEventListener('abort', withdraw)
        place.running = member
        resolve({ kind: 'entered', signal: cancel.signal, leave: () => leave(place, member) })
      },
      cancel(reason) {
        if (place.running === member) return cancel.abort(reason)
        place.waiting = place.waiting.filter(other => other !== member)
        resolve({ kind: 'cancelled', reason })
      },
    }
    if (group.cancelInProgress) place.running?.cancel(replaced)
    if (group.queue === 'single') for (const other of [...place.waiting]) other.cancel(replaced)
    if (place.running === undefined) return member.admit()
    if (place.waiting.length >= longestQueue) return member.cancel(`The queue of '${group.name}' is full`)
    place.waiting.push(member)
    if (signal.aborted) withdraw()
    else signal.addEventListener('abort', withdraw, { once: true })
  })
}

function leave(place: Place, member: Member): void {
  if (place.running !== member) return
  place.running = undefined
  place.waiting.shift()?.admit()
}

/** Renders `concurrency:`, a name or a mapping; undefined where there is none, or an expression made it empty. */
export function readGroup(value: unknown, scope: Scope): Group | undefined {
  const rendered = render(value, scope)
  const mapping = isFields(rendered) ? rendered : { group: rendered }
  const name = mapping.group === undefined ? '' : renderText(mapping.group, scope, 'concurrency.group')
  if (name === '') return undefined
  const cancelInProgress = String(mapping['cancel-in-progress'] ?? false) === 'true'
  const queue = mapping.queue === 'max' ? 'max' : 'single'
  if (cancelInProgress && queue === 'max')
    throw new Error(`concurrency '${name}': queue: max cannot be combined with cancel-in-progress: true`)
  return { name, cancelInProgress, queue }
}

/** In whose name something enters a group, and which groups it is in already through what calls it. */
export type Holder = { name: string; held: Readonly<Record<string, string>> }

/**
 * Does `work` inside a group, and `otherwise` where the place is lost. A group that one's own caller is in would be waited for
 * for ever: GitHub sees it and cancels.
 */
export async function inGroup<T>(
  concurrency: Concurrency,
  group: Group | undefined,
  { name, held }: Holder,
  signal: AbortSignal,
  work: (inside: { signal: AbortSignal; held: Holder['held'] }) => Promise<T>,
  otherwise: (reason: string) => T,
): Promise<T> {
  if (group === undefined) return work({ signal, held })
  const by = held[group.name.toLowerCase()]
  if (by !== undefined) {
    const where = `'${by}' and '${name}'`
    return otherwise(
      `Canceling since a deadlock for concurrency group '${group.name}' was detected between ${where}`,
    )
  }
  const entry = await concurrency.enter(group, signal)
  if (entry.kind === 'cancelled') return otherwise(entry.reason)
  try {
    return await work({
      signal: AbortSignal.any([signal, entry.signal]),
      held: { ...held, [group.name.toLowerCase()]: name },
    })
  } finally {
    entry.leave()
  }
}
