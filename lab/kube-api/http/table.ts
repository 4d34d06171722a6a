import type { Column, Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import type { ListMeta } from './list-meta.ts'

export type TableOptions = {
  meta: ListMeta
  now: number
  includeObject?: string | null
  /** The client knows the columns already. */
  rowsOnly?: boolean
}

/** The server-side table that `kubectl get` prints. */
export function tableOf(
  kind: Kind,
  objects: readonly KubeObject[],
  { meta, now, includeObject, rowsOnly }: TableOptions,
): unknown {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: meta,
    columnDefinitions: rowsOnly ? null : kind.columns.map(describeColumn),
    rows: objects.map(object => ({
      cells: kind.columns.map(({ cell }) => cell(object, now)),
      object: includeObject === 'None' ? null : rowObject(object, includeObject),
    })),
  }
}

function describeColumn({ name, type, format = '', description = '', priority }: Column): unknown {
  return { name, type, format, description, priority }
}

function rowObject(object: KubeObject, includeObject: string | null | undefined): KubeObject {
  if (includeObject === 'Object') return object
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata }
}
