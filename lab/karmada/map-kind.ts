import type { Kind, KubeObject } from '@meridian/lab-kube-api'

/** What says of an object which kind it is. */
export type TypeMeta = Pick<KubeObject, 'apiVersion' | 'kind'>

/** The kind behind an `apiVersion` and `kind`; throws Error when there is none. */
export type MapKind = (type: TypeMeta) => Kind
