import { areHeld, type Binding, bindingName, heldClusters, listBindings } from '@meridian/karmada'
import { covers, isRefusal, type Kube, type KubeObject } from '@meridian/kube'
import { done, type Job, waitFor, waiting } from '@meridian/runner'
import { apply, type Writer } from '../apply/apply.ts'
import { holdStep, type Interim, type Mover, placementIn } from './plan-waves.ts'

/** Has the movers' policies hold back changes, each mover's own. */
export type Hold = (movers: readonly Mover[], wanted: (mover: Mover) => Interim) => Promise<void>

type Watch = {
  what: string
  fix: string
  /** Whether a binding is as it is to be; those that are not are named. */
  isReady(binding: Binding, mover: Mover): boolean
  /** What all bindings must be apart from that. */
  areReady?(bindings: readonly Binding[]): Promise<boolean>
}

const takenUpMilliseconds = 120_000

/**
 * Writes only policies that are to be otherwise than they are. Resolves once the bindings say what they say, and the
 * Works made from them are held back: only then is it safe to change a template. An account that may not look at Works,
 * which are in namespaces of Karmada's own, is refused where it `isStrict`.
 */
export function createHold(
  job: Job,
  federation: Kube,
  writer: Writer,
  { isStrict }: { isStrict: boolean },
): Hold {
  const current = new Map<string, string>()
  const quiet = { ...job, log: { ...job.log, info: job.log.debug } }
  return async (movers, wanted) => {
    const open = movers.flatMap(mover => {
      const step = holdStep(mover, wanted(mover), current.has(mover.name))
      const asPlanned = mover.policy.action === 'keep' ? mover.policy.object.spec : undefined
      const text = JSON.stringify(step.object.spec)
      return (current.get(mover.name) ?? JSON.stringify(asPlanned)) === text ? [] : [{ mover, step, text }]
    })
    await apply(
      quiet,
      federation,
      open.map(({ step }) => step),
      writer,
    )
    for (const { mover, text } of open) current.set(mover.name, text)
    const steps = new Map(open.map(({ mover, step }) => [mover, step] as const))
    const bound = [...steps.keys()].filter(({ template }) => template.live !== undefined)
    await waitBindings(job, federation, bound, {
      what: 'Karmada to hold back changes',
      fix: 'Look whether karmada-controller-manager runs in the host cluster. Then run this again.',
      isReady: (binding, mover) => {
        const policy = steps.get(mover)?.object
        const isHeld = heldClusters(binding).toSorted().join() === wanted(mover).held.toSorted().join()
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

/** Waits until the bindings that movers have are as `watch` says. */
export async function waitBindings(
  job: Job,
  federation: Kube,
  movers: readonly Mover[],
  { what, fix, isReady, areReady = async () => true }: Watch,
): Promise<void> {
  if (movers.length === 0) return
  const places = [...new Set(movers.map(({ template }) => template.object.metadata.namespace))]
  await waitFor(job, {
    what,
    fix,
    timeout: takenUpMilliseconds,
    every: { first: 100, most: 5_000 },
    probe: async () => {
      const bindings = await listBindings(federation, places)
      const found = new Map(bindings.map(binding => [placeOf(binding.metadata), binding]))
      const own = movers.flatMap(mover => {
        const binding = found.get(placeOfBinding(mover))
        return binding ? [{ mover, binding }] : []
      })
      const open = own.filter(({ mover, binding }) => !isReady(binding, mover))
      if (open.length > 0) return waiting(open.map(({ mover }) => mover.name).join(', '))
      return (await areReady(own.map(({ binding }) => binding))) ? done(undefined) : waiting('its Works')
    },
  })
}

function placeOfBinding({ template: { object } }: Mover): string {
  return placeOf({ ...object.metadata, name: bindingName(object.kind, object.metadata.name) })
}

const placeOf = ({ namespace, name }: KubeObject['metadata']) => `${namespace}/${name}`
