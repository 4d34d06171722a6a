import { type Difference, describeRef, type KubeObject, listDifferences, refOf } from '@meridian/kube'
import type { Desired } from './build-desired.ts'
import { extractApplied } from './extract-applied.ts'
import { appLabel, hashAnnotation, withoutOwn, withoutVolatile } from './mark-object.ts'

export type Action = 'create' | 'change' | 'keep'

export type Step = Desired & {
  action: Action
  /** What changes, values of Secrets hidden; empty unless something is changed. */
  differences: Difference[]
  live: KubeObject | undefined
}

/** Owns what this action applies: the field manager of every write. */
export const manager = 'meridian'
const environmentLabel = 'meridian.dev/environment'
const managedLabel = 'app.kubernetes.io/managed-by'
const hidden = '(hidden)'

/** What must be done for one object, given how it is now. */
export function planStep(desired: Desired, live: KubeObject | undefined): Step {
  if (live === undefined) return { ...desired, action: 'create', differences: [], live }
  const { object } = desired
  if (listDifferences(withoutVolatile(live), withoutVolatile(object)).length === 0)
    return { ...desired, action: 'keep', differences: [], live }
  const differences = [...listDifferences(live, withoutOwn(object)), ...listRemoved(live, object)]
  return { ...desired, action: 'change', differences: differences.map(each => hide(object, each)), live }
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
 * Whether the manifest is the one that was applied last: what still differs may then only be written another way
 * by the server (`0.5` cpu as `500m`), which a server-side dry run tells.
 */
export function mayBeNormalized(step: Step): boolean {
  const hash = step.object.metadata.annotations?.[hashAnnotation]
  return step.action === 'change' && step.live?.metadata.annotations?.[hashAnnotation] === hash
}

/** Whether a dry run has come out as what is there already. */
export function isSame(live: KubeObject, result: KubeObject): boolean {
  return listDifferences(comparable(live), comparable(result)).length === 0
}

/** Whose an object is, by its labels. */
export type Owner = { environment: string; app: string }

/**
 * Objects that are not this app's: another environment's or app's are never taken over, what somebody else has
 * made only with `adopt`.
 */
export function findForeign(steps: readonly Step[], owner: Owner, adopt: boolean): string[] {
  return steps.flatMap(({ object, live }) => {
    if (live === undefined) return []
    const name = describeRef(refOf(object))
    const labels = live.metadata.labels ?? {}
    if (labels[managedLabel] !== manager)
      return adopt ? [] : [`${name} is there and was not made by Meridian`]
    const { [environmentLabel]: environment, [appLabel]: app } = labels
    if (environment !== owner.environment) return [`${name} belongs to environment ${environment}`]
    // A namespace may hold several apps of an environment.
    if (app === owner.app || object.kind === 'Namespace') return []
    return [`${name} belongs to app ${app} of this environment`]
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
