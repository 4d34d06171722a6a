import type { KubeObject, Store } from '@meridian/lab-kube-api'
import type { Clock } from '@meridian/lab-world'

/** World seconds after which the key is looked at again; undefined when only a change should do so. */
export type Again = number | undefined

type KeysOf = (object: KubeObject, previous?: KubeObject) => readonly string[]

export type ControlLoop = {
  /** Asks for a look at `key`; requests made before it happens are one. */
  add(key: string, afterSeconds?: number): void
  /** Adds the keys of all present objects of a kind and of every later change, of which `previous` is told. */
  follow(store: Store, kind: string, keysOf: KeysOf): void
  stop(): void
}

type Options = {
  clock: Clock
  /** Brings one key closer to what is wanted. A thrown error is retried with growing pauses. */
  reconcile(key: string): Promise<Again> | Again
  onError?(key: string, error: unknown): void
}

const firstRetrySeconds = 1
const longestRetrySeconds = 60

/** A controller's work queue: keys are worked on side by side, none twice at once, retried on failure. */
export function startControlLoop({ clock, reconcile, onError }: Options): ControlLoop {
  const waiting = new Set<string>()
  const active = new Set<string>()
  const failures = new Map<string, number>()
  const timers = new Map<string, { cancel(): void }>()
  const stops: (() => void)[] = []
  let awake = false
  let stopped = false

  function drain(): void {
    awake = false
    if (stopped) return
    for (const key of [...waiting].filter(each => !active.has(each))) {
      waiting.delete(key)
      active.add(key)
      void look(key).finally(() => {
        active.delete(key)
        if (waiting.has(key)) wake()
      })
    }
  }

  async function look(key: string): Promise<void> {
    try {
      const again = await reconcile(key)
      failures.delete(key)
      if (again !== undefined) add(key, again)
    } catch (error) {
      if (stopped) return
      const count = failures.get(key) ?? 0
      failures.set(key, count + 1)
      onError?.(key, error)
      add(key, Math.min(longestRetrySeconds, firstRetrySeconds * 2 ** count))
    }
  }

  function wake(): void {
    if (awake || stopped) return
    awake = true
    setImmediate(drain)
  }

  function add(key: string, afterSeconds = 0): void {
    if (stopped) return
    timers.get(key)?.cancel()
    timers.delete(key)
    if (afterSeconds > 0) {
      timers.set(
        key,
        clock.after(afterSeconds, () => add(key)),
      )
      return
    }
    waiting.add(key)
    wake()
  }

  return {
    add,
    follow(store, kind, keysOf) {
      for (const object of store.list(kind)) for (const key of keysOf(object)) add(key)
      stops.push(
        store.watch(kind, ({ object, previous }) => {
          for (const key of keysOf(object, previous)) add(key)
        }),
      )
    },
    stop() {
      stopped = true
      for (const stop of stops) stop()
      for (const timer of timers.values()) timer.cancel()
    },
  }
}

/**
 * A pause for something that is looked at again and again: in world seconds, but never so short that it would keep
 * a real processor busy.
 */
export function paced(
  { scale }: Pick<Clock, 'scale'>,
  worldSeconds: number,
  leastRealSeconds: number,
): number {
  return Math.max(worldSeconds, leastRealSeconds * scale)
}

/** `namespace/name`, with an empty namespace for cluster-wide objects. */
export function keyOf({ metadata }: Pick<KubeObject, 'metadata'>): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}

/** The inverse of keyOf. */
export function splitKey(key: string): [namespace: string | undefined, name: string] {
  const slash = key.indexOf('/')
  return [key.slice(0, slash) || undefined, key.slice(slash + 1)]
}

/** Keys of the objects of a kind that own this one: what a controller looks at when its product changes. */
export function ownerKeys(object: KubeObject, kind: string): string[] {
  const owners = object.metadata.ownerReferences ?? []
  return owners
    .filter(owner => owner.kind === kind)
    .map(owner => `${object.metadata.namespace ?? ''}/${owner.name}`)
}
