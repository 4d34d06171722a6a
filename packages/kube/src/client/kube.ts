import type { Kubeconfig } from '../kubeconfig/kubeconfig.ts'
import type { KubeObject, ObjectRef, ObjectType } from '../objects/object.ts'
import type { Changes } from './changes.ts'

export type RequestOptions = {
  query?: Record<string, string>
  body?: unknown
  contentType?: string
  /** What the answer may be; JSON unless told. */
  accept?: string
  /** Milliseconds for the whole exchange; 30 s unless told. */
  timeout?: number
  /** Whether a failed exchange may be sent again; GET and server-side apply may, unless told otherwise. */
  repeatable?: boolean
}

export type ListOptions = {
  namespace?: string | undefined
  labels?: Readonly<Record<string, string>>
  /** A label that must have one of several values. */
  labelled?: { readonly label: string; readonly oneOf: readonly string[] }
  fieldSelector?: string
  /** Leaves out all that is not metadata, which is most of it. */
  only?: 'metadata'
  /** Drops who owns which field as soon as it is read: of thousands of objects it is much. */
  without?: 'managedFields'
}

/** With `over` only what is still as it was read is deleted. */
type RemoveOptions = { propagation?: 'Foreground' | 'Background' | 'Orphan'; over?: KubeObject }

type ApplyOptions = {
  force?: boolean
  dryRun?: boolean
  /** Writes only over what is still as it was read, or only where there is nothing. */
  over?: KubeObject | 'nothing'
}

/** One context of a kubeconfig, connected. Every failed call rejects with a KubeError. */
export type Kube = {
  readonly context: string
  readonly server: string
  /** A kubeconfig of this context alone. */
  readonly kubeconfig: Kubeconfig
  /** Sends a request to a path of the API server; answers with the parsed JSON, or the text where it is none. */
  request<T = unknown>(method: string, path: string, options?: RequestOptions): Promise<T>
  /**
   * The server's clock, milliseconds since the epoch, as far as its last answer told it; this machine's before any.
   * Two machines' clocks may differ by minutes.
   */
  serverTime(): number
  /** Whether objects of a kind live in namespaces on this server. */
  isNamespaced(type: ObjectType): Promise<boolean>
  /** `undefined` when there is no such object. A kind that the server does not know is a KubeError. */
  get<T extends KubeObject = KubeObject>(ref: ObjectRef): Promise<T | undefined>
  /** Objects of all namespaces where none is given. */
  list<T extends KubeObject = KubeObject>(type: ObjectType, options?: ListOptions): Promise<T[]>
  /**
   * Server-side apply with field manager `meridian`; without `force` a conflict over fields is a KubeError (409), and so
   * is one over what is there, whatever `force` says.
   */
  apply<T extends KubeObject = KubeObject>(object: KubeObject, options?: ApplyOptions): Promise<T>
  create<T extends KubeObject = KubeObject>(object: KubeObject): Promise<T>
  patch<T extends KubeObject = KubeObject>(
    ref: ObjectRef,
    body: unknown,
    type: 'merge' | 'json',
  ): Promise<T | undefined>
  /** False when there was nothing to delete. Another than the one in `over`, or of another version, is a KubeError (409). */
  remove(ref: ObjectRef, options?: RemoveOptions): Promise<boolean>
  /** Tells of changes of objects of these kinds, in all namespaces where none is given. */
  changes(of: readonly (ObjectType & { namespace?: string })[]): Changes
  /** Opens a WebSocket for channelled binary data (as port-forward and exec speak it). */
  openChannel(path: string, receive: (channel: number, data: Buffer) => void): Promise<Channel>
}

export type Channel = {
  send(channel: number, data: Buffer): void
  close(): void
  /** Resolves when the socket is closed by either side. */
  readonly closed: Promise<void>
}
