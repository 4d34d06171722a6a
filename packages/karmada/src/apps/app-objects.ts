import {
  appLabel,
  type Claim,
  type Identity,
  judgeClaim,
  type Owned,
  objectLabels,
  readObject,
} from '@meridian/identity'
import {
  describeRef,
  isUnknownKind,
  type Kube,
  type KubeObject,
  type ObjectType,
  refOf,
} from '@meridian/kube'
import type { InstalledPlane } from '../control-plane/installed-plane.ts'
import { policyTypes } from '../names.ts'
import type { Binding } from '../status/binding.ts'
import { listAllBindings } from './list-bindings.ts'
import { describeOwner, type Tenant } from './tenant.ts'

type Labels = Readonly<Record<string, string>>
type Plane = Claim<InstalledPlane> | undefined

const namespaceType: ObjectType = { apiVersion: 'v1', kind: 'Namespace' }
/** Kinds of templates that are looked for by name; others by the bindings that stand for them. */
export const usualTemplates: readonly ObjectType[] = [
  // Services first: their load balancers take longest to go.
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'batch/v1', kind: 'Job' },
  { apiVersion: 'batch/v1', kind: 'CronJob' },
  { apiVersion: 'v1', kind: 'ConfigMap' },
  { apiVersion: 'v1', kind: 'Secret' },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
  { apiVersion: 'v1', kind: 'ServiceAccount' },
]

/** What an identity has in a federation, and what bears its labels and is another's, which stays. */
export type AppObjects = {
  readonly templates: Owned<KubeObject>[]
  readonly policies: Owned<KubeObject>[]
  readonly namespaces: Owned<KubeObject>[]
  readonly spared: Tenant[]
}

/** Whose an object is, by its own mark alone, which names no cluster. */
export function claimObject<T extends KubeObject>(object: T, identity: Identity): Claim<T> {
  const { cluster: _, account: __, ...owner } = identity
  return judgeClaim(object, readObject(object.metadata), owner)
}

/**
 * Whose an object of an app is, by its own mark. Those of version 0.1 have labels only, which say neither domain nor
 * repository: they count where the identity has installed the control plane, and on a shared one are nobody's.
 */
export function judgeObject<T extends KubeObject>(object: T, identity: Identity, plane?: Plane): Claim<T> {
  const claim = claimObject(object, identity)
  const older = claim.kind === 'ours' && claim.mark.schema === 1
  return older && plane?.kind !== 'ours' ? { kind: 'unclaimed' } : claim
}

/** Finds an identity's objects, all its apps or the one that it names; nothing is written. */
export async function listAppObjects(
  federation: Pick<Kube, 'get' | 'list'>,
  identity: Identity,
  plane?: Plane,
): Promise<AppObjects> {
  const labels = objectLabels(identity)
  // A namespace may hold several apps, and bears the label of none.
  const { [appLabel]: _, ...placeLabels } = labels
  const [templates, policies, namespaces] = await Promise.all([
    findTemplates(federation, labels),
    listKinds(federation, policyTypes, labels),
    listKinds(federation, [namespaceType], placeLabels),
  ])
  const judge = (object: KubeObject) => ({ object, claim: judgeObject(object, identity, plane) })
  const own = (objects: readonly KubeObject[]) =>
    objects.map(judge).flatMap(({ claim }) => (claim.kind === 'ours' ? [claim.owned] : []))
  const spared = [...templates, ...policies, ...namespaces]
    .map(judge)
    .flatMap(({ object, claim }) =>
      claim.kind === 'ours' ? [] : [{ what: describeRef(refOf(object)), whose: describeOwner(claim) }],
    )
  return { templates: own(templates), policies: own(policies), namespaces: own(namespaces), spared }
}

/** Templates of the usual kinds by label, and of any other kind that a binding stands for. */
async function findTemplates(federation: Pick<Kube, 'get' | 'list'>, labels: Labels): Promise<KubeObject[]> {
  const usual = await listKinds(federation, usualTemplates, labels)
  const bound = await Promise.all((await listAllBindings(federation)).map(boundObject(federation)))
  const others = bound.flatMap(object => (object !== undefined && hasLabels(object, labels) ? [object] : []))
  return [...new Map([...usual, ...others].map(object => [describeRef(refOf(object)), object])).values()]
}

function boundObject(federation: Pick<Kube, 'get'>): (binding: Binding) => Promise<KubeObject | undefined> {
  return async ({ spec: { resource } }) => {
    if (resource === undefined || usualTemplates.some(({ kind }) => kind === resource.kind)) return undefined
    return federation.get(resource).catch(error => {
      if (isUnknownKind(error)) return undefined
      throw error
    })
  }
}

/** Lists the objects of several kinds that have these labels; of a kind that is not served, none. */
export async function listKinds(
  kube: Pick<Kube, 'list'>,
  types: readonly ObjectType[],
  labels: Labels,
): Promise<KubeObject[]> {
  const lists = types.map(type => kube.list(type, { labels }).catch(unknownKindAsNone))
  return (await Promise.all(lists)).flat()
}

/** For a list that failed: none where the server does not know the kind, else the failure is thrown. */
export function unknownKindAsNone(error: unknown): KubeObject[] {
  if (isUnknownKind(error)) return []
  throw error
}

function hasLabels({ metadata }: KubeObject, labels: Labels): boolean {
  return Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value)
}
