import { areHeld, type Binding, bindingName, heldClusters, listBindings } from '@meridian/karmada'
import { covers, isRefusal, type Kube, type KubeObject } from '@meridian/kube'
import { done, type Job, waitFor, waiting } from '@meridian/runner'
import { apply, type Writer } from '../apply/apply.ts'
import { holdStep, placementIn, type StagedTemplate, type Suspension } from './plan-waves.ts'

/** Has the staged templates' policies hold back changes, each its own. */
export type Suspend = (
  staged: readonly StagedTemplate[],
  wanted: (one: StagedTemplate) => Suspension,
) => Promise<void>

type Watch = {
  what: string
  fix: string
  /** Whether a binding is as it is to be; those that are not are named. */
  isReady(binding: Binding, one: StagedTemplate): boolean
  /** What all bindings must be apart from that. */
  areReady?(bindings: readonly Binding[]): Promise<boolean>
}

const takenUpMilliseconds = 120_000

/**
 * Writes only policies that are to be otherwise than they are. Resolves once the bindings say what they say, and the
 * Works made from them are held back: only then is it safe to change a template. An account that may not look at Works,
 * which are in namespaces of Karmada's own, is refused where it `isStrict`.
 */
export function createSuspender(
  job: Job,
  federation: Kube,
  writer: Writer,
  { isStrict }: { isStrict: boolean },
): Suspend {
  const current = new Map<string, string>()
  const quiet = { ...job, log: { ...job.log, info: job.log.debug } }
  return async (staged, wanted) => {
    const open = staged.flatMap(one => {
      const step = holdStep(one, wanted(one), current.has(one.name))
      const asPlanned = one.policy.action === 'keep' ? one.policy.object.spec : undefined
      const text = JSON.stringify(step.object.spec)
      return (current.get(one.name) ?? JSON.stringify(asPlanned)) === text ? [] : [{ one, step, text }]
    })
    await apply(
      quiet,
      federation,
      open.map(({ step }) => step),
      writer,
    )
    for (const { one, text } of open) current.set(one.name, text)
    const steps = new Map(open.map(({ one, step }) => [one, step] as const))
    const bound = [...steps.keys()].filter(({ template }) => template.live !== undefined)
    await waitBindings(job, federation, bound, {
      what: 'Karmada to hold back changes',
      fix: 'Look whether karmada-controller-manager runs in the host cluster. Then run this again.',
      isReady: (binding, one) => {
        const policy = steps.get(one)?.object
        const isHeld = heldClusters(binding).toSorted().join() === wanted(one).held.toSorted().join()
        return isHeld && covers(binding.spec.placement, placementIn(policy))
      },
      areReady: bindings =>
        areHeld(federation, bindings).catch(error => {
          if (!isStrict && isRefusal(error) && error.status === 403) return true
          throw error
        }),
    })
  }
}

/** Waits until the bindings that staged templates have are as `watch` says. */
export async function waitBindings(
  job: Job,
  federation: Kube,
  staged: readonly StagedTemplate[],
  { what, fix, isReady, areReady = async () => true }: Watch,
): Promise<void> {
  if (staged.length === 0) return
  const places = [...new Set(staged.map(({ template }) => template.object.metadata.namespace))]
  await waitFor(job, {
    what,
    fix,
    timeout: takenUpMilliseconds,
    every: { first: 100, most: 5_000 },
    probe: async () => {
      const bindings = await listBindings(federation, places)
      const found = new Map(bindings.map(binding => [placeOf(binding.metadata), binding]))
      const own = staged.flatMap(one => {
        const binding = found.get(placeOfBinding(one))
        return binding ? [{ one, binding }] : []
      })
      const open = own.filter(({ one, binding }) => !isReady(binding, one))
      if (open.length > 0) return waiting(open.map(({ one }) => one.name).join(', '))
      return (await areReady(own.map(({ binding }) => binding))) ? done(undefined) : waiting('its Works')
    },
  })
}

function placeOfBinding({ template: { object } }: StagedTemplate): string {
  return placeOf({ ...object.metadata, name: bindingName(object.kind, object.metadata.name) })
}

const placeOf = ({ namespace, name }: KubeObject['metadata']) => `${namespace}/${name}`
