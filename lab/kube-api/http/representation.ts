import { apiVersionOf, isCustom, type Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { StatusError } from '../status-error.ts'
import type { ListMeta } from './list-meta.ts'
import { tableOf } from './table.ts'

/** How the client wants objects: whole, as rows of a table, or their metadata only. */
export type Representation = 'object' | 'table' | 'metadata'

export const yamlType = 'application/yaml'
const tableVersions = new Set(['v1', 'v1beta1'])

/** Picks the first form of the Accept header that we speak. Throws 406 if there is none, as for protobuf alone. */
export function chooseRepresentation(accept = ''): Representation {
  const forms = accept.split(',').map(form => form.trim().split(';'))
  for (const [media = '', ...given] of forms) {
    const parameters = new Map(given.map(parameter => parameter.trim().split('=') as [string, string]))
    const as = parameters.get('as') ?? ''
    if (media === '' || media === '*/*' || media === 'application/*') return 'object'
    if (media !== 'application/json' && media !== yamlType) continue
    if (as === '') return 'object'
    const known = tableVersions.has(parameters.get('v') ?? '')
    if (parameters.get('g') === 'meta.k8s.io' && as === 'Table' && known) return 'table'
    if (parameters.get('g') === 'meta.k8s.io' && as.startsWith('PartialObjectMetadata')) return 'metadata'
  }
  const message =
    'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf'
  throw new StatusError(406, 'NotAcceptable', message)
}
export type Shape = {
  kind: Kind
  representation: Representation
  now: number
  includeObject?: string | null
  rowsOnly?: boolean
}

/** An object in the form that the client accepts. */
export function presentObject(
  object: KubeObject,
  { kind, representation, now, includeObject, rowsOnly = false }: Shape,
): unknown {
  if (representation === 'object') return object
  if (representation === 'metadata') return metadataOnly(object)
  const meta = { resourceVersion: object.metadata.resourceVersion ?? '' }
  return tableOf(kind, [object], { meta, now, includeObject, rowsOnly })
}

/** A list in the form that the client accepts. */
export function presentList(objects: readonly KubeObject[], meta: ListMeta, shape: Shape): unknown {
  const { kind, representation, now, includeObject } = shape
  if (representation === 'table') return tableOf(kind, objects, { meta, now, includeObject })
  if (representation === 'metadata') {
    const items = objects.map(metadataOnly)
    return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: meta, items }
  }
  // Items of a typed list carry no apiVersion and kind of their own, except those of custom resources.
  const items = isCustom(kind) ? objects : objects.map(({ apiVersion: _a, kind: _k, ...item }) => item)
  return { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata: meta, items }
}

function metadataOnly({ metadata }: KubeObject): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }
}
