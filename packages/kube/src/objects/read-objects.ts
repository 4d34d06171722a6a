import { inParallel } from '@meridian/runner'
import { isUnknownKind, KubeError } from '../client/errors.ts'
import type { Kube } from '../client/kube.ts'
import { describeRef, type KubeObject, type ObjectRef, refOf } from './object.ts'

type Reader = Pick<Kube, 'get' | 'list'>
type Found = Map<string, KubeObject>

/** Up to so many of a kind in a namespace are asked for one by one, unless told: lists may hold much else. */
const mostEach = 3

/**
 * Reads many objects by few requests, in the order asked for: where several of a kind are wanted in one place, by a list of
 * what bears `labels` (which most of them are expected to do), and then by the names of what is there. Undefined where
 * there is none, also where the server does not serve its kind.
 */
export async function readObjects(
  kube: Reader,
  refs: readonly ObjectRef[],
  labels: Readonly<Record<string, string>>,
  { few = mostEach } = {},
): Promise<(KubeObject | undefined)[]> {
  const places = Map.groupBy(refs, ({ apiVersion, kind, namespace }) => `${apiVersion} ${kind} ${namespace}`)
  const found = await Promise.all([...places.values()].map(wanted => readPlace(kube, wanted, labels, few)))
  const all = new Map(found.flatMap(each => [...each]))
  return refs.map(ref => all.get(keyOf(ref)))
}

/** Refs of one kind in one place. */
async function readPlace(
  kube: Reader,
  refs: readonly ObjectRef[],
  labels: Readonly<Record<string, string>>,
  few: number,
): Promise<Found> {
  const [first] = refs
  if (first === undefined) return new Map()
  try {
    if (refs.length <= few) return await readEach(kube, refs)
    const { namespace } = first
    const labelled = byKey(await kube.list(first, { namespace, labels }))
    const rest = refs.filter(ref => !labelled.has(keyOf(ref)))
    if (rest.length <= few) return new Map([...labelled, ...(await readEach(kube, rest))])
    const present = byKey(await kube.list(first, { namespace, only: 'metadata' }))
    const others = rest.filter(ref => present.has(keyOf(ref)))
    return new Map([...labelled, ...(await readEach(kube, others))])
  } catch (error) {
    if (isUnknownKind(error)) return new Map()
    // Whoever may read single objects need not be allowed to list them.
    if (error instanceof KubeError && error.status === 403) return readEach(kube, refs)
    throw error
  }
}

async function readEach(kube: Reader, refs: readonly ObjectRef[]): Promise<Found> {
  const found = await inParallel(refs, ref => kube.get(ref))
  return byKey(found.flatMap(object => object ?? []))
}

function byKey(objects: readonly KubeObject[]): Found {
  return new Map(objects.map(object => [keyOf(refOf(object)), object]))
}

function keyOf(ref: ObjectRef): string {
  return `${ref.apiVersion} ${describeRef(ref)}`
}
