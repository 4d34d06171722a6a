import type { Kind } from './kind.ts'
import type { KubeObject } from './objects.ts'
import type { ChangeHistory, Listener } from './store/history.ts'
import type { Precondition, Propagation } from './store/remove-object.ts'

export type WriteOptions = {
  /** Recorded as field manager; in-process writers default to `kube-controller-manager`. */
  manager?: string
  /** `status` writes nothing but the status. */
  subresource?: string
  dryRun?: boolean
  /** Whether the object came of a patch. */
  patched?: boolean
  /** What webhooks change in the object right before it is stored; nobody owns those fields. */
  amend?: Amend | undefined
}
export type Amend = (object: KubeObject) => KubeObject
export type ApplyOptions = WriteOptions & { manager: string; force?: boolean }
export type RemoveOptions = { propagation?: Propagation; precondition?: Precondition; dryRun?: boolean }
export type Applied = { object: KubeObject; created: boolean }

/**
 * The objects of one API server. Kinds are named `Deployment`, `deployments` or `deployments.apps`; by `storeName` what is
 * read and written is in another version than the one that is stored.
 *
 * Everything is synchronous; what is returned is frozen and stays as it was (`copyJson` before changing
 * it, or use `modify`). Refusals are thrown as `StatusError`. Watchers hear of a write after the writer's own
 * synchronous code has finished, in the order of the revisions.
 */
export type Store = {
  kinds(): readonly Kind[]
  /** Throws a 404 StatusError for a kind that is not served. */
  kind(name: string): Kind
  findKind(name: string): Kind | undefined
  addKind(kind: Kind): void
  /** The kind's objects go with it. */
  removeKind(name: string): void
  get(kind: string, namespace: string | undefined, name: string): KubeObject | undefined
  /** Sorted by namespace and name; `labels` must all be present with these values. */
  list(kind: string, filter?: { namespace?: string; labels?: Readonly<Record<string, string>> }): KubeObject[]
  create(kind: string, object: KubeObject, options?: WriteOptions): KubeObject
  /** A resourceVersion in the object must be the current one. */
  update(kind: string, object: KubeObject, options?: WriteOptions): KubeObject
  /** Changes a copy of the current object and writes it; undefined if it is not there. No change, no write. */
  modify(
    kind: string,
    namespace: string | undefined,
    name: string,
    change: (draft: KubeObject) => void,
    options?: WriteOptions & { status?: boolean },
  ): KubeObject | undefined
  /** Server-side apply. */
  apply(kind: string, object: KubeObject, options: ApplyOptions): Applied
  /** Returns the object as it was left (finalizers) or was last, undefined if it was not there. */
  remove(
    kind: string,
    namespace: string | undefined,
    name: string,
    options?: RemoveOptions,
  ): KubeObject | undefined
  watch(kind: string, listener: Listener): () => void
  /** The resourceVersion of the newest write. */
  revision(): string
  /** The oldest revision that a watch of a kind may begin after: nothing is known of what was before it was served. */
  oldest(kind: Kind): number
  history: ChangeHistory
  now(): number
}
