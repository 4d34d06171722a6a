import { ToolError } from '../terminal.ts'
import type { KubeClient, KubeObject } from './kube-client.ts'

const plurals: Record<string, string> = { APIService: 'apiservices', StorageClass: 'storageclasses' }

/** The path of an object's collection: `/apis/apps/v1/namespaces/x/deployments`. */
export function collectionPath({ apiVersion, kind, metadata }: KubeObject): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const namespace = metadata.namespace ? `/namespaces/${metadata.namespace}` : ''
  return `${root}${namespace}/${plurals[kind] ?? `${kind.toLowerCase()}s`}`
}

/** Creates an object; one that is there already stays as it is, and the answer is false. */
export async function create(kube: KubeClient, object: KubeObject): Promise<boolean> {
  const answer = await kube.ask('POST', collectionPath(object), object)
  if (answer.status === 409) return false
  if (answer.status >= 300) throw new ToolError(answer.message)
  return true
}

/** Creates an object or replaces the one that is there, keeping what the cluster has allocated. */
export async function createOrUpdate(kube: KubeClient, object: KubeObject): Promise<void> {
  if (await create(kube, object)) return
  const answer = await kube.ask('PATCH', `${collectionPath(object)}/${object.metadata.name}`, object)
  if (answer.status >= 300) throw new ToolError(answer.message)
}

/** Whether the API server has the type of an object at all; it answers 404 for the whole collection if not. */
export async function serves(kube: KubeClient, object: KubeObject): Promise<boolean> {
  const root = object.apiVersion.includes('/') ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`
  const answer = await kube.ask('GET', root)
  const resources = (answer.body.resources ?? []) as { kind: string }[]
  return answer.status === 200 && resources.some(({ kind }) => kind === object.kind)
}

/** Lists a collection, by label selector if there is one. */
export async function list(kube: KubeClient, path: string, selector?: string): Promise<KubeObject[]> {
  const query = selector === undefined ? '' : `?labelSelector=${encodeURIComponent(selector)}`
  const answer = await kube.ask('GET', `${path}${query}`)
  if (answer.status >= 300) throw new ToolError(answer.message)
  return (answer.body.items ?? []) as KubeObject[]
}
