export type ObjectType = { readonly apiVersion: string; readonly kind: string }

export type ObjectRef = ObjectType & { readonly namespace?: string | undefined; readonly name: string }

type OwnerReference = ObjectType & {
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

type ObjectMeta = {
  name: string
  namespace?: string
  uid?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  generation?: number
  resourceVersion?: string
  creationTimestamp?: string
  deletionTimestamp?: string
  finalizers?: string[]
  ownerReferences?: OwnerReference[]
}

/** Any object of the API; what is not metadata is read with care. */
export type KubeObject = {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  [field: string]: unknown
}

export type Condition = { type: string; status: string; reason?: string; message?: string }

/** What names an object among all of a cluster. */
export function refOf(object: KubeObject): ObjectRef {
  const { apiVersion, kind, metadata } = object
  return { apiVersion, kind, name: metadata.name, namespace: metadata.namespace }
}

/** `Deployment shop/web`, as messages name an object. */
export function describeRef(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`
}

/** The condition of a type in an object's status, if it has one. */
export function conditionOf(
  object: { status?: { conditions?: Condition[] } },
  type: string,
): Condition | undefined {
  return object.status?.conditions?.find(condition => condition.type === type)
}
