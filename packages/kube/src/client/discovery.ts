import type { ObjectType } from '../objects/object.ts'
import { foreignAnswer, isForeignAnswer, isNotFound, KubeError } from './errors.ts'

export type Resource = { name: string; kind: string; namespaced: boolean; verbs?: string[] }
type Read = (path: string) => Promise<unknown>

/** Finds how a kind is addressed on one server; what each group version holds is asked once. */
export type Discovery = { find(type: ObjectType): Promise<Resource> }

/**
 * Kinds that every Kubernetes since 1.8 serves by these names, as Go's own clients know them: no server needs to be asked,
 * which many clusters of which little is read would feel.
 */
const everywhere = new Map(
  [
    ['v1', 'Namespace', 'namespaces', false],
    ['v1', 'Secret', 'secrets', true],
    ['v1', 'ServiceAccount', 'serviceaccounts', true],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', false],
    ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'clusterrolebindings', false],
  ].map(([apiVersion, kind, name, namespaced]) => [
    `${apiVersion} ${kind}`,
    { name, kind, namespaced } as Resource,
  ]),
)

/** `/api/v1` or `/apis/apps/v1`. */
function groupVersionPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
}

/** The path of a kind's collection, or of one object of it. */
export function resourcePath(
  type: ObjectType,
  resource: Resource,
  place: { namespace?: string | undefined; name?: string | undefined },
): string {
  const segments = [
    ...(resource.namespaced && place.namespace ? ['namespaces', place.namespace] : []),
    resource.name,
    ...(place.name === undefined ? [] : [place.name]),
  ]
  return `${groupVersionPath(type.apiVersion)}/${segments.map(encodeURIComponent).join('/')}`
}

/**
 * Asks a server for the kinds of an API version when they are first needed, and remembers them; a failure is not
 * remembered.
 */
export function createDiscovery(server: string, read: Read): Discovery {
  const known = new Map<string, Promise<Resource[]>>()
  const readVersion = (apiVersion: string): Promise<Resource[]> => {
    const found = known.get(apiVersion)
    if (found) return found
    const reading = readResources(server, read, apiVersion)
    known.set(apiVersion, reading)
    reading.catch(() => known.delete(apiVersion))
    return reading
  }
  return {
    async find(type) {
      const own = everywhere.get(`${type.apiVersion} ${type.kind}`)
      if (own) return own
      const resources = await readVersion(type.apiVersion)
      const found = resources.find(resource => resource.kind === type.kind)
      if (found) return found
      // A kind may be defined while we run: what was not there must be asked for again.
      known.delete(type.apiVersion)
      throw new KubeError(`${server} does not serve ${type.kind} of ${type.apiVersion}`, {
        status: 404,
        reason: 'UnknownKind',
        server,
      })
    },
  }
}

/**
 * What a version of a group holds, without subresources: nothing of one that the server does not know. Of a group that it
 * does not know the server says so without a Status, as anybody might: its list of groups tells. One that is listed may
 * have come since the group was asked for, and is asked for again.
 */
export async function readResources(server: string, read: Read, apiVersion: string): Promise<Resource[]> {
  const path = groupVersionPath(apiVersion)
  const ask = async () => {
    const { kind, resources } = ((await read(path)) ?? {}) as { kind?: string; resources?: Resource[] }
    if (kind !== 'APIResourceList' || !Array.isArray(resources))
      throw foreignAnswer(server, `GET ${server}${path}`, 'with no list of resources')
    return resources.filter(resource => !resource.name.includes('/'))
  }
  try {
    return await ask()
  } catch (error) {
    if (isNotFound(error)) return []
    if (!isForeignAnswer(error) || !apiVersion.includes('/')) throw error
    const groups = await readGroups(server, read)
    const isListed = groups.some(group => group.versions.some(each => each.groupVersion === apiVersion))
    return isListed ? ask() : []
  }
}

type Version = { groupVersion: string }
type Group = { name: string; versions: Version[]; preferredVersion: Version }

/** The groups that a server lists: all but the core one. */
export async function readGroups(server: string, read: Read): Promise<Group[]> {
  const { kind, groups } = ((await read('/apis')) ?? {}) as { kind?: string; groups?: Group[] }
  if (kind === 'APIGroupList' && Array.isArray(groups)) return groups
  throw foreignAnswer(server, `GET ${server}/apis`, 'with no list of groups')
}
