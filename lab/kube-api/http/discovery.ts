import { createHash } from 'node:crypto'
import { apiVersionOf, type Kind, ofKinds } from '../kind.ts'
import { compareVersions } from '../versions.ts'
import type { Reply } from './call.ts'
import { subresourcesOf } from './subresources.ts'

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
/** The same in the order in which those of a definition are told. */
const customVerbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']
const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

type Group = { name: string; versions: Map<string, Kind[]> }

const byVersion = (a: Kind, b: Kind) => compareVersions(b.version, a.version)

const groupsOf = ofKinds((kinds): Group[] => {
  const byGroup = Map.groupBy(kinds, kind => kind.group)
  return [...byGroup].map(([name, members]) => ({
    name,
    versions: Map.groupBy(members.toSorted(byVersion), kind => kind.version),
  }))
})

const rootsOf = (kinds: readonly Kind[], root: 'api' | 'apis') =>
  groupsOf(kinds).filter(({ name }) => (name === '') === (root === 'api'))

/** What every client asks for before anything else, and Karmada again and again. */
const aggregatedTexts = ofKinds(kinds => ({
  api: JSON.stringify(aggregated(rootsOf(kinds, 'api'))),
  apis: JSON.stringify(aggregated(rootsOf(kinds, 'apis'))),
}))

/** `/api`, `/apis`, `/apis/<group>` and the resource lists of versions; undefined for any other path. */
export function discover(path: string, accept: string, kinds: readonly Kind[]): Reply | undefined {
  const [root, first, second, more] = path.split('/').filter(Boolean)
  if (more !== undefined || (root !== 'api' && root !== 'apis')) return undefined
  if (first === undefined && accept.includes('as=APIGroupDiscoveryList') && accept.includes('v=v2')) {
    return { code: 200, body: aggregatedTexts(kinds)[root], contentType: aggregatedType }
  }
  const roots = rootsOf(kinds, root)
  const body = root === 'api' ? describeCore(first, roots) : describeGroups(first, second, roots)
  return body === undefined ? undefined : { code: 200, body }
}

function describeCore(version: string | undefined, groups: readonly Group[]): unknown {
  if (version === undefined) return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }
  const kinds = groups[0]?.versions.get(version)
  return kinds && resourceList(version, kinds)
}

function describeGroups(
  name: string | undefined,
  version: string | undefined,
  groups: readonly Group[],
): unknown {
  if (name === undefined) return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(describeGroup) }
  const group = groups.find(each => each.name === name)
  if (!group) return undefined
  if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(group) }
  const kinds = group.versions.get(version)
  return kinds && resourceList(`${name}/${version}`, kinds)
}

function describeGroup({ name, versions }: Group): { name: string } {
  const described = [...versions.keys()].map(version => ({ groupVersion: `${name}/${version}`, version }))
  return { name, ...{ versions: described, preferredVersion: described[0] } }
}

function resourceList(groupVersion: string, kinds: readonly Kind[]): unknown {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: kinds.flatMap(describeResource),
  }
}

/** What tells clients that objects are stored in another version than before. */
function hashOf({ group, version, kind }: Kind): string {
  const hash = createHash('sha256').update(`${group}/${version}/${kind}`)
  return hash.digest().subarray(0, 8).toString('base64')
}

function describeResource(kind: Kind): unknown[] {
  const { plural, singular, namespaced, shortNames, categories } = kind
  const resource = {
    name: plural,
    singularName: singular,
    namespaced,
    kind: kind.kind,
    verbs: kind.verbs ?? (kind.custom ? customVerbs : allVerbs),
    ...(shortNames?.length ? { shortNames } : {}),
    ...(categories?.length ? { categories } : {}),
    ...(kind.custom ? { storageVersionHash: hashOf(kind.stored ?? kind) } : {}),
  }
  const parts = subresourcesOf(kind).map(part => ({
    name: `${plural}/${part.name}`,
    singularName: '',
    namespaced,
    ...(part.group === kind.group ? {} : { group: part.group, version: part.version }),
    kind: part.kind,
    verbs: part.verbs,
  }))
  return [resource, ...parts]
}

function aggregated(groups: readonly Group[]): unknown {
  const items = groups.map(({ name, versions }) => ({
    metadata: { ...(name ? { name } : {}), creationTimestamp: null },
    versions: [...versions].map(([version, kinds]) => ({
      version,
      freshness: 'Current',
      resources: kinds.map(describeAggregated),
    })),
  }))
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items }
}

function describeAggregated(kind: Kind): unknown {
  const { plural, singular, namespaced, shortNames, categories, group, version } = kind
  const subresources = subresourcesOf(kind).map(part => ({
    subresource: part.name,
    responseKind: { group: part.group, version: part.version, kind: part.kind },
    verbs: part.verbs,
  }))
  return {
    resource: plural,
    responseKind: { group, version, kind: kind.kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: kind.verbs ?? (kind.custom ? customVerbs : allVerbs),
    ...(shortNames?.length ? { shortNames } : {}),
    ...(categories?.length ? { categories } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  }
}

/** Kinds of a page of the API, for the paths that OpenAPI lists. */
export const kindsByVersion = ofKinds(kinds => Map.groupBy(kinds, apiVersionOf))
