import { foreignAnswer, isForeignAnswer, isNotFound, KubeError } from './errors.ts'
import type { ObjectType } from './object.ts'

export type Resource = { name: string; kind: string; namespaced: boolean }

/** Finds how a kind is addressed on one server; what each group version holds is asked once. */
export type Discovery = { find(type: ObjectType): Promise<Resource> }

/** `/api/v1` or `/apis/apps/v1`. */
export function groupVersionPath(apiVersion: string): string {
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

export function createDiscovery(server: string, read: (path: string) => Promise<unknown>): Discovery {
  const known = new Map<string, Promise<Resource[]>>()
  const readVersion = (apiVersion: string): Promise<Resource[]> => {
    const found = known.get(apiVersion)
    if (found) return found
    const path = groupVersionPath(apiVersion)
    const reading = read(path).then(answer => listResources(server, path, answer))
    known.set(apiVersion, reading)
    reading.catch(() => known.delete(apiVersion))
    return reading
  }
  /**
   * Of a group that it does not know the server says so without a Status, as anybody might: its list of groups tells. One
   * that is listed may have come since the group was asked for, and is asked for again.
   */
  async function readDoubted(apiVersion: string, error: unknown): Promise<Resource[]> {
    if (isNotFound(error)) return []
    if (!isForeignAnswer(error) || !apiVersion.includes('/')) throw error
    const { kind, groups } = (await read('/apis')) as GroupList
    if (kind !== 'APIGroupList' || !Array.isArray(groups)) throw error
    const isListed = groups.some(group => group.versions?.some(each => each.groupVersion === apiVersion))
    return isListed ? readVersion(apiVersion) : []
  }
  return {
    async find(type) {
      const resources = await readVersion(type.apiVersion).catch(error => readDoubted(type.apiVersion, error))
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

type GroupList = { kind?: string; groups?: { versions?: { groupVersion?: string }[] }[] }

/** Resources proper: names with a slash are subresources. */
function listResources(server: string, path: string, answer: unknown): Resource[] {
  const { kind, resources } = (answer ?? {}) as { kind?: string; resources?: Resource[] }
  if (kind !== 'APIResourceList' || !Array.isArray(resources))
    throw foreignAnswer(server, `GET ${server}${path}`, 'with no list of resources')
  return resources.filter(resource => !resource.name.includes('/'))
}
