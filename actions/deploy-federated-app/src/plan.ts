import { type Difference, describeRef, type KubeObject, listDifferences, refOf } from '@meridian/kube'
import type { Desired } from './build-desired.ts'
import { hashAnnotation, withoutVolatile } from './mark-object.ts'

export type Action = 'create' | 'change' | 'keep'

export type Step = Desired & {
  action: Action
  /** What changes, values of Secrets hidden; empty unless something is changed. */
  differences: Difference[]
  live: KubeObject | undefined
}

const environmentLabel = 'meridian.dev/environment'
const hidden = '(hidden)'

/** What must be done for one object, given how it is now. */
export function planStep(desired: Desired, live: KubeObject | undefined): Step {
  if (live === undefined) return { ...desired, action: 'create', differences: [], live }
  const differences = listDifferences(withoutVolatile(live), withoutVolatile(desired.object))
  const action = differences.length === 0 ? 'keep' : 'change'
  return { ...desired, action, differences: differences.map(difference => hide(desired, difference)), live }
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

/** Objects that belong to another environment, which this one must not take over. */
export function findForeign(steps: readonly Step[], environment: string): string[] {
  return steps.flatMap(({ object, live }) => {
    const owner = live?.metadata.labels?.[environmentLabel]
    if (owner === undefined || owner === environment) return []
    return [`${describeRef(refOf(object))} belongs to environment ${owner}`]
  })
}

function hide({ object }: Desired, difference: Difference): Difference {
  const secret = object.kind === 'Secret' && /^data\b/.test(difference.path)
  return secret ? { ...difference, actual: hidden, desired: hidden } : difference
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
