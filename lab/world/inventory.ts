import { arnOf, identify, qualify } from './identifiers.ts'
import { keepLatest } from './keep-latest.ts'
import { priceOf } from './prices.ts'
import type { NewResource, Resource } from './resource.ts'

export type Departed = { resource: Resource; at: number }
export type HistoryPoint = { at: number; count: number; hourlyCost: number }

/** Everything in all accounts that costs money or would be left behind. */
export type Inventory = {
  /** Throws when the id is taken. */
  add(resource: NewResource): Resource
  remove(id: string): void
  get(id: string): Resource | undefined
  list(filter?: Partial<Resource> | ((resource: Resource) => boolean)): Resource[]
  tag(id: string, tags: Record<string, string>): void
  /** Tells of everything that comes and goes from now on, until the returned function is called. */
  watch(listener: (what: 'came' | 'went', resource: Resource) => void): () => void
  /** One point per change; the latest, as of `departed`. */
  history: HistoryPoint[]
  /** What was removed, newest last: AWS lists terminated instances for about an hour. */
  departed: Departed[]
}

type Birth = { accountId: string; random: () => number; now: () => number }

/** A world may stand for days. */
const mostKept = 50_000

/** An empty inventory; ids and ARNs are made from `random`, dates and costs from `now`. */
export function createInventory({ accountId, random, now }: Birth): Inventory {
  const resources = new Map<string, Resource>()
  const history: HistoryPoint[] = []
  const departed: Departed[] = []
  const listeners = new Set<Parameters<Inventory['watch']>[0]>()
  let hourlyCost = 0

  function note(change: number): void {
    hourlyCost = resources.size === 0 ? 0 : hourlyCost + change
    keepLatest(history, { at: now(), count: resources.size, hourlyCost }, mostKept)
  }

  return {
    history,
    departed,
    add(given) {
      const { account = accountId } = given
      const plain = given.id ?? identify(given, random)
      const id = account === accountId ? plain : qualify(given.type, plain, account)
      if (resources.has(id)) throw new Error(`the world already has a resource ${id}`)
      const resource: Resource = {
        ...given,
        id,
        account,
        arn: given.arn ?? arnOf(given, plain, account),
        tags: { ...given.tags },
        attributes: { ...given.attributes },
        bornAt: now(),
        hourlyCost: given.hourlyCost ?? priceOf(given),
      }
      resources.set(id, resource)
      note(resource.hourlyCost)
      for (const tell of listeners) tell('came', resource)
      return resource
    },
    remove(id) {
      const resource = resources.get(id)
      if (!resource) return
      resources.delete(id)
      keepLatest(departed, { resource, at: now() }, mostKept)
      note(-resource.hourlyCost)
      for (const tell of listeners) tell('went', resource)
    },
    get: id => resources.get(id),
    list(filter = {}) {
      const matches = typeof filter === 'function' ? filter : matcher(filter)
      return [...resources.values()].filter(matches)
    },
    tag(id, tags) {
      const resource = resources.get(id)
      if (resource) Object.assign(resource.tags, tags)
    },
    watch(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function matcher(wanted: Partial<Resource>): (resource: Resource) => boolean {
  const { tags = {}, attributes = {}, ...plain } = wanted
  return resource =>
    holds(resource, plain) && holds(resource.tags, tags) && holds(resource.attributes, attributes)
}

function holds(actual: object, wanted: object): boolean {
  return Object.entries(wanted).every(([key, value]) => Reflect.get(actual, key) === value)
}
