import { manager } from '@meridian/identity'
import { applyOver, isRefusal, type Kube, KubeError, type KubeObject, type Look, refOf } from '@meridian/kube'
import { type Displaced, findDisplaced } from '../plan/changed-list-keys.ts'
import { hashAnnotation } from '../plan/mark-object.ts'

/**
 * What others have displaced of what is to be applied: where this very manifest was applied last, and where a server
 * refuses, by the lists that it names, to have both beside each other.
 */
export function listDisplaced(
  object: KubeObject,
  live: KubeObject | undefined,
  refusal?: unknown,
): Displaced[] {
  if (live === undefined) return []
  const hash = object.metadata.annotations?.[hashAnnotation]
  if (hash !== undefined && live.metadata.annotations?.[hashAnnotation] === hash)
    return findDisplaced(object, live)
  if (!isRefusal(refusal)) return []
  const named = refusal.causes.map(({ field = '' }) => field.replace(/\[\d+\]/g, '[]'))
  return findDisplaced(object, live).filter(({ list }) => named.some(field => field.startsWith(list)))
}

/**
 * Applies an object of which others have changed keys in lists: by `force` they are put back, else it is told like any field
 * of others. A dry run leaves the lists out.
 */
export async function applyDisplaced(
  federation: Pick<Kube, 'get' | 'apply' | 'patch'>,
  object: KubeObject,
  look: Look,
  how: { displaced: readonly Displaced[]; force: boolean; dryRun: boolean },
): Promise<KubeObject> {
  const { displaced, ...options } = how
  if (displaced.length === 0 || look.seen === undefined) return applyOver(federation, object, look, options)
  if (!how.force) throw conflictOver(displaced)
  if (how.dryRun) return applyOver(federation, withoutDisplaced(object, displaced), look, options)
  const seen = await putBack(federation, look.seen, displaced)
  return applyOver(federation, object, { ...look, seen }, options)
}

/** What is displaced, as a server tells of fields that belong to others. */
function conflictOver(displaced: readonly Displaced[]): KubeError {
  const causes = displaced.map(({ list, shown, owners }) => ({
    reason: 'FieldManagerConflict',
    field: `.${list.replace(/\[\]$/, '')}[${shown.live}], which was ${shown.wanted},`,
    message: `conflict with "${owners.join(', ')}"`,
  }))
  return new KubeError('keys of lists were changed by others', {
    status: 409,
    reason: 'Conflict',
    server: '',
    causes,
  })
}

/** The object without the lists in which something is displaced. */
function withoutDisplaced(object: KubeObject, displaced: readonly Displaced[]): KubeObject {
  const bare = structuredClone(object)
  for (const { list } of displaced) drop(bare, list.split('.'))
  return bare
}

function drop(value: unknown, [step = '', ...rest]: string[]): void {
  for (const holder of [value].flat() as (Record<string, unknown> | undefined)[]) {
    const key = step.replace('[]', '')
    if (rest.length > 0) drop(holder?.[key], rest)
    else if (holder) delete holder[key]
  }
}

/**
 * Gives items back the keys that the manifest states; what they have besides stays. Answers with the object, of which
 * nothing has come to be ours: that is for the apply to do.
 */
async function putBack(
  federation: Pick<Kube, 'patch'>,
  live: KubeObject,
  displaced: readonly Displaced[],
): Promise<KubeObject | undefined> {
  const change = (seen: KubeObject, operations: object[]) => {
    const { resourceVersion } = seen.metadata
    const test = { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion }
    return federation.patch(refOf(seen), [test, ...operations], 'json')
  }
  const items = displaced.map(({ pointer, live: item, wanted }) => ({
    op: 'replace',
    path: pointer,
    value: { ...item, ...wanted },
  }))
  const changed = await change(live, items)
  if (changed === undefined) return undefined
  // By a patch we would own it for good, also what the manifest no longer states some day.
  const owners = ownersOf(changed).filter(
    owner => owner.manager !== manager || owner.operation !== 'Update' || owner.subresource,
  )
  return change(changed, [{ op: 'replace', path: '/metadata/managedFields', value: owners }])
}

type Owner = { manager?: string; operation?: string; subresource?: string }
const ownersOf = ({ metadata }: KubeObject) => (metadata as { managedFields?: Owner[] }).managedFields ?? []
