import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { type Identity, manager, type Owned } from '@meridian/identity'
import {
  bindingRef,
  claimingPolicy,
  claimObject,
  findNewcomers,
  policyTarget,
  removeOwned,
  stillOurs,
} from '@meridian/karmada'
import {
  applyOver,
  describeRef,
  isConflict,
  isForeignAnswer,
  isRefusal,
  isUnknownKind,
  type Kube,
  type KubeObject,
  type ObjectRef,
  refOf,
  removeOver,
} from '@meridian/kube'
import { messageOf, UserError } from '@meridian/runner'
import { extractFormer } from '../plan/applied-fields.ts'
import { ownerOfKind } from '../plan/mark-object.ts'
import type { Writer } from './apply.ts'

/** With these goes what they hold. */
const homes = ['Namespace', 'CustomResourceDefinition']

/** Karmada needs less than a second from a policy to a binding. */
const pauseMilliseconds = 250
const mostLooks = 12

/** Names of what is as it was before the run, and what is not, with the reason. */
export type Reverted = { back: string[]; stays: string[] }

/**
 * Takes back what a run has applied, the last first: what it has made is deleted, what it has changed is applied as it
 * was. Rejects never: what cannot be taken back is answered.
 */
export async function revertApplied(federation: Kube, writer: Writer): Promise<Reverted> {
  const outcome: Reverted = { back: [], stays: [] }
  for (const [name, { object, before }] of [...writer.written].reverse()) {
    try {
      if (before !== undefined) await restore(federation, before, object)
      else if (object !== undefined) await removeMade(federation, object, writer)
      outcome.back.push(name)
    } catch (error) {
      outcome.stays.push(`${name} (${messageOf(error)})`)
    }
  }
  return outcome
}

/** The error that ended the run, with what has become of what the run had applied until then. */
export function explainReverted(error: unknown, { back, stays }: Reverted): unknown {
  if (!(error instanceof UserError)) return error
  const words = [
    ...(back.length > 0 ? [`taken back, so that it is as before: ${back.join(', ')}`] : []),
    ...(stays.length > 0 ? [`applied, and could not be taken back: ${stays.join(', ')}`] : []),
  ]
  const { fix, input, cause } = error
  return new UserError([error.message, ...words].join('\n'), { fix, ...(input && { input }), cause })
}

/** Applies what was there, of all that the run has changed. */
async function restore(federation: Kube, before: KubeObject, after: KubeObject | undefined): Promise<void> {
  const judge = (live: KubeObject | undefined) => {
    if ((live === undefined) !== (after === undefined))
      throw new Error('somebody has made or deleted it since')
    if (after) stillOurs(after)(live)
  }
  const former = extractFormer(before, after, manager)
  const options = { force: policyTarget(before) !== undefined }
  const restored = await applyOver(federation, former, { seen: after, judge }, options)
  const operations = giveBackFields(before, after, restored)
  if (operations === undefined) return
  await federation.patch(refOf(restored), operations, 'json').catch(error => {
    // Somebody has written it in between: it is as it was, and some fields of it stay ours.
    if (!isConflict(error) && !isRefusal(error)) throw error
  })
}

type Owner = { manager?: string; operation?: string; subresource?: string }
const ownersOf = ({ metadata }: KubeObject) => (metadata as { managedFields?: Owner[] }).managedFields ?? []
const isUs = (owner: Owner) => owner.manager === manager && owner.operation === 'Apply'
const isSame = (a: Owner, b: Owner) =>
  a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource

/**
 * The JSON patch that makes an object's fields belong to whom they did before we adopted it; undefined where some were ours
 * before, and where an owner of then has written since, whose word it would undo. Exported for its test.
 */
export function giveBackFields(
  before: KubeObject,
  after: KubeObject | undefined,
  restored: KubeObject,
): object[] | undefined {
  const former = ownersOf(before)
  if (after === undefined || former.length === 0 || former.some(isUs)) return undefined
  const [then, now] = [after, restored].map(each =>
    ownersOf(each).filter(owner => former.some(one => isSame(one, owner))),
  )
  if (!isDeepStrictEqual(then, now)) return undefined
  // Karmada marks what a policy has claimed.
  const newcomers = ownersOf(restored).filter(
    owner => !isUs(owner) && !former.some(one => isSame(one, owner)),
  )
  return [
    { op: 'test', path: '/metadata/resourceVersion', value: restored.metadata.resourceVersion },
    { op: 'replace', path: '/metadata/managedFields', value: [...former, ...newcomers] },
  ]
}

async function removeMade(
  federation: Kube,
  object: KubeObject,
  { identity, written }: Writer,
): Promise<void> {
  const owned = ownedOf(object, identity)
  const target = policyTarget(object)
  if (homes.includes(object.kind)) await refuseInhabited(federation, object)
  const binding = target && (await federation.get(bindingRef(target)))
  await removeOwned(federation, owned)
  if (target === undefined) return
  if (binding !== undefined) return removeBinding(federation, binding, object)
  // What the run has applied itself it has taken back by now, its kind perhaps too.
  if (written.has(describeRef(target)) || !(await isThere(federation, target))) return
  const late = await awaitBinding(federation, target)
  if (late !== undefined) await removeBinding(federation, late, object)
}

async function isThere(federation: Kube, target: ObjectRef): Promise<boolean> {
  try {
    return (await federation.get(target)) !== undefined
  } catch (error) {
    // With its definition has gone all that was of the kind.
    if (isUnknownKind(error) || isForeignAnswer(error)) return false
    throw error
  }
}

/**
 * The binding of what is another's by now, if Karmada was about to make one when its policy went: it takes the claim off
 * with the policy, and goes on sending what has a binding.
 */
async function awaitBinding(federation: Kube, target: ObjectRef): Promise<KubeObject | undefined> {
  for (let look = 0; look < mostLooks; look += 1) {
    const found = await federation.get(bindingRef(target))
    if (found !== undefined) return found
    await setTimeout(pauseMilliseconds)
  }
  return undefined
}

/** Removes a binding that Karmada has made of a policy: without it, it would go on sending what may be another's. */
async function removeBinding(federation: Kube, binding: KubeObject, policy: KubeObject): Promise<void> {
  if (isMadeOf(binding, policy)) await removeOver(federation, binding, live => refuseClaimed(live, policy))
}

function ownedOf(object: KubeObject, identity: Identity): Owned<KubeObject> {
  const claim = claimObject(object, ownerOfKind(object, identity))
  if (claim.kind !== 'ours') throw new Error('it does not bear our mark')
  return claim.owned
}

/** Others' objects would go with them, and are theirs. */
async function refuseInhabited(federation: Kube, home: KubeObject): Promise<void> {
  const newcomers = await findNewcomers(federation, home)
  if (newcomers.length > 0) throw new Error(`it holds ${newcomers.join(', ')}`)
}

/** Whether Karmada has made a binding of this policy; one without a claim has lost it with its policy. */
function isMadeOf(binding: KubeObject, policy: KubeObject): boolean {
  const [of, from] = [binding, policy].map(({ metadata }) => metadata.creationTimestamp ?? '')
  return (
    (claimingPolicy(binding) ?? policy.metadata.name) === policy.metadata.name && String(of) >= String(from)
  )
}

/** Karmada takes a claim off with its policy, and then another policy may have its own. */
function refuseClaimed(binding: KubeObject | undefined, { metadata }: KubeObject): void {
  const claiming = binding && claimingPolicy(binding)
  if (claiming !== undefined && claiming !== metadata.name) throw new Error(`it goes by ${claiming} now`)
}
