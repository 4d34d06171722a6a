import { type Kind, storeName } from '../kind.ts'
import { resourceName, StatusError } from '../status-error.ts'

export type Registry = {
  all(): readonly Kind[]
  find(name: string): Kind | undefined
  need(name: string): Kind
  add(kind: Kind): void
  remove(kind: Kind): void
}

/**
 * Kinds by `Deployment`, `deployments` or `deployments.apps`; the first one wins where two share a short form. A version
 * that is not the stored one by `ships.v1beta1.example.com`.
 */
export function createRegistry(kinds: readonly Kind[]): Registry {
  let all: readonly Kind[] = kinds
  /** What has been looked for since they last changed: every access to an object begins with its kind. */
  const found = new Map<string, Kind | undefined>()

  function find(name: string): Kind | undefined {
    if (!found.has(name)) found.set(name, search(name))
    return found.get(name)
  }

  function search(name: string): Kind | undefined {
    return (
      all.find(kind => resourceName(kind) === name) ??
      all.find(kind => kind.plural === name) ??
      all.find(kind => kind.kind === name) ??
      all.flatMap(({ versions = [] }) => versions).find(kind => storeName(kind) === name)
    )
  }

  function change(now: readonly Kind[]): void {
    all = now
    found.clear()
  }

  return {
    all: () => all,
    find,
    need(name) {
      const kind = find(name)
      if (kind) return kind
      throw new StatusError(404, 'NotFound', 'the server could not find the requested resource')
    },
    add(kind) {
      change([...all.filter(other => resourceName(other) !== resourceName(kind)), kind])
    },
    remove(kind) {
      change(all.filter(other => other !== kind))
    },
  }
}
