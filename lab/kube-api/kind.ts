import type { KubeObject } from './objects.ts'
import { publishedSchema } from './schema/published.ts'
import type { Schema } from './schema/schema.ts'
import { resourceName } from './status-error.ts'
import type { User } from './user.ts'

export type Cell = string | number | boolean | null

/** A column of the server-side table. Priority 0 is always shown, 1 only with `-o wide`. */
export type Column = {
  name: string
  type: 'string' | 'integer' | 'boolean' | 'date'
  format?: string
  description?: string
  priority: number
  /** `now` is in milliseconds since the epoch. */
  cell(object: KubeObject, now: number): Cell
}

/** Paths of the fields behind the `scale` subresource, without leading dot. */
export type ScalePaths = { replicas: string; status: string; selector: string }

/** What a kind sees of the store when it prepares an object. */
export type Surroundings = {
  now(): number
  list(kind: string): readonly KubeObject[]
  /** Anything for a kind that is there. */
  findKind(kind: string): object | undefined
}

export type Kind = {
  /** '' is the core group. */
  group: string
  version: string
  kind: string
  plural: string
  singular: string
  shortNames?: readonly string[]
  categories?: readonly string[]
  namespaced: boolean
  /** Status is written through its own subresource only. */
  status?: boolean
  /** Conditions are written by `approval` as well. */
  approval?: boolean
  scale?: ScalePaths
  /** `metadata.generation` is counted (kinds with a spec that a controller observes). */
  generation?: boolean
  /** Other versions that the same objects are served in. */
  versions?: readonly Kind[]
  /** Of such a version: the kind as it is stored. */
  stored?: Kind
  /** Whether anybody is served the version that is stored; default true. */
  served?: boolean
  /** Its definition is being deleted: nothing new of it is taken. */
  terminating?: boolean
  /** What everybody is told who asks for it: that its version is on its way out. */
  deprecated?: string
  /** Which rule `metadata.name` follows; default `subdomain` (RFC 1123). */
  nameRule?: 'subdomain' | 'label' | 'label-1035' | 'path'
  /** Field selectors besides metadata.name and metadata.namespace, as dotted paths. */
  selectable?: readonly string[]
  /** What an object of it may hold, where that is not published with Kubernetes. */
  schema?: Schema
  /** Whether it follows the rules of custom resources; default for kinds that are not Kubernetes' own. */
  custom?: boolean
  /** What can be done with it, where that is not everything. */
  verbs?: readonly string[]
  columns: readonly Column[]
  /** A deletion is answered with the object, not with a Status. */
  returnsDeleted?: boolean
  /** Writes into a new object who has made it. */
  author?(object: KubeObject, user: User): void
  /**
   * Fills in defaults, allocates and checks, before the object is stored. Runs on dry runs too, so it may read
   * the store but must not write to it. Throws a StatusError to refuse.
   */
  prepare?(object: KubeObject, previous: KubeObject | undefined, beside: Surroundings): void
}

/** Custom resources take no strategic merge patch and no update without a version, and have no empty status. */
export function isCustom(kind: Kind): boolean {
  return kind.custom ?? publishedSchema(kind) === undefined
}

/** Whether two kinds are of one resource, be it in other versions or by another definition. */
export function sameResource(a: Kind, b: Kind): boolean {
  return a.plural === b.plural && a.group === b.group
}

/** Keeps what is made of a list of kinds as long as there is that list: a store makes another when its kinds change. */
export function ofKinds<T extends object>(
  make: (kinds: readonly Kind[]) => T,
): (kinds: readonly Kind[]) => T {
  const made = new WeakMap<readonly Kind[], T>()
  return kinds => {
    const known = made.get(kinds) ?? make(kinds)
    made.set(kinds, known)
    return known
  }
}

/** The kinds as clients see them: in every version that is served. */
export const servedKinds = ofKinds((kinds): readonly Kind[] =>
  kinds.flatMap(kind => [...(kind.served === false ? [] : [kind]), ...(kind.versions ?? [])]),
)

/** What a store calls a kind: `ships.example.com`, or `ships.v1beta1.example.com` where that is not what is stored. */
export function storeName(kind: Kind): string {
  return kind.stored ? `${kind.plural}.${kind.version}.${kind.group}` : resourceName(kind)
}

/** `apps/v1`; of the core group `v1`. */
export function apiVersionOf({ group, version }: { group: string; version: string }): string {
  return group === '' ? version : `${group}/${version}`
}
