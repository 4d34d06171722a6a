import { isDeepStrictEqual } from 'node:util'
import { type Identity, manager } from '@meridian/identity'
import { claimObject } from '@meridian/karmada'
import { covers, type Difference, describeRef, type KubeObject, listDifferences, refOf } from '@meridian/kube'
import { UserError } from '@meridian/runner'
import { appliedFields, extractApplied } from './applied-fields.ts'
import type { Desired } from './build-desired.ts'
import { hashAnnotation, ownerOfKind, withoutOwn, withoutVolatile } from './mark-object.ts'
import { isStillApplied } from './still-applied.ts'

export type Action = 'create' | 'change' | 'keep'

/** For whom a plan is made, and whether what bears no mark is taken over. */
export type Owner = { readonly identity: Identity; readonly adopt: boolean }

export type Step = Desired & {
  action: Action
  /** What changes, values of Secrets hidden; empty unless something is changed. */
  differences: Difference[]
  live: KubeObject | undefined
}

const hidden = '(hidden)'

/** What must be done for one object, given how it is now. */
export function planStep(desired: Desired, live: KubeObject | undefined): Step {
  if (live === undefined) return { ...desired, action: 'create', differences: [], live }
  const { object } = desired
  if (isUnchanged(live, object)) return { ...desired, action: 'keep', differences: [], live }
  const differences = [...listDifferences(live, withoutOwn(object)), ...listRemoved(live, object)]
  return { ...desired, action: 'change', differences: differences.map(each => hide(object, each)), live }
}

/**
 * Whether this very manifest was applied last, by the hash among its annotations, and nobody has changed since what it
 * states. Of the values of a Secret the hash says nothing.
 */
function isUnchanged(live: KubeObject, desired: KubeObject): boolean {
  const { apiVersion: _, kind, metadata, ...content } = withoutVolatile(desired)
  const { name: __, namespace: ___, ...stated } = metadata
  return (
    covers(live.metadata.labels, stated.labels) &&
    covers(live.metadata.annotations, stated.annotations) &&
    (kind !== 'Secret' || covers(live.data, content.data)) &&
    isStillApplied({ ...content, metadata: stated }, live, appliedFields(live, manager))
  )
}

/** Fields that an earlier run applied and this one no longer states: applying takes them away. */
function listRemoved(live: KubeObject, desired: KubeObject): Difference[] {
  const applied = extractApplied(live, manager)
  if (applied === undefined) return []
  return listDifferences(withoutOwn(desired), withoutOwn(applied)).flatMap(
    ({ path, actual, desired: former }) =>
      actual === undefined ? [{ path, actual: former, desired: undefined }] : [],
  )
}

/**
 * Whether the manifest is the one that was applied last, but not all of it is owned: servers and what they admit by may
 * have dropped or changed a field, and would do it again, which a server-side dry run tells.
 */
export function mayBeNormalized(step: Step): boolean {
  const hash = step.object.metadata.annotations?.[hashAnnotation]
  return step.action === 'change' && step.live?.metadata.annotations?.[hashAnnotation] === hash
}

/** Whether a dry run has come out as what is there already, and nothing of it would come to be ours. */
export function isSame(live: KubeObject, result: KubeObject): boolean {
  return (
    listDifferences(comparable(live), comparable(result)).length === 0 &&
    isDeepStrictEqual(appliedFields(live, manager), appliedFields(result, manager))
  )
}

/** Throws a UserError that names what is not this app's. */
export function refuseForeign(steps: readonly Step[], { identity, adopt }: Owner): void {
  const foreign = findForeign(steps, identity, adopt)
  if (foreign.length === 0) return
  throw new UserError(foreign.join('; '), {
    fix: 'Give it another name or namespace, or correct the inputs domain, environment, app and repository if it is yours. What bears no mark, and nobody else needs, can be taken over with adopt: true.',
    input: 'manifests',
  })
}

/**
 * Objects that are not this app's: those of another domain, environment, repository or app are never taken over, nor
 * those of which that cannot be told; what bears no mark only with `adopt`. Those of version 0.1 say environment and
 * app only: the manifests name them, and they get their mark.
 */
export function findForeign(steps: readonly Step[], identity: Identity, adopt: boolean): string[] {
  return steps.flatMap(({ object, live }) => {
    if (live === undefined) return []
    const name = describeRef(refOf(object))
    const claim = claimObject(live, ownerOfKind(object, identity))
    if (claim.kind === 'foreign') return [`${name} belongs to ${claim.whose}`]
    if (claim.kind === 'unreadable') return [`whose ${name} is cannot be told: ${claim.why}`]
    return claim.kind === 'ours' || adopt ? [] : [`${name} is there and was not made by Meridian`]
  })
}

function hide({ kind }: KubeObject, difference: Difference): Difference {
  if (kind !== 'Secret' || !/^(data|stringData)\b/.test(difference.path)) return difference
  const mask = (value: unknown) => (value === undefined ? undefined : hidden)
  return { ...difference, actual: mask(difference.actual), desired: mask(difference.desired) }
}

function comparable(object: KubeObject): KubeObject {
  const { status: _, ...rest } = withoutVolatile(object)
  const { name, namespace, labels, annotations } = rest.metadata
  return {
    ...rest,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      name,
      ...(namespace && { namespace }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
    },
  }
}
