import { bindingName, heldClusters, listBindings } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { done, type Job, waitFor, waiting } from '@meridian/runner'
import { apply } from './apply.ts'
import { holdStep, type Mover } from './plan-waves.ts'

/** Has the movers' policies hold back changes from these clusters, each mover's own. */
export type Hold = (wanted: (mover: Mover) => readonly string[]) => Promise<void>

const takenUpMilliseconds = 120_000

/**
 * Writes only policies that hold back otherwise than they do. Resolves once the bindings say the same: only then
 * is it safe to change a template, since Karmada goes by the binding.
 */
export function createHold(job: Job, federation: Kube, movers: readonly Mover[]): Hold {
  const current = new Map<Mover, string>()
  return async wanted => {
    const open = movers.filter(mover => {
      const asPlanned = mover.policy.action === 'keep' ? '' : undefined
      return (current.get(mover) ?? asPlanned) !== wanted(mover).join()
    })
    const steps = open.map(mover => holdStep(mover, wanted(mover), current.has(mover)))
    await apply(job, federation, steps, false)
    for (const mover of open) current.set(mover, wanted(mover).join())
    const bound = open.filter(({ template }) => template.live !== undefined)
    if (bound.length > 0) await waitTakenUp(job, federation, bound, wanted)
  }
}

async function waitTakenUp(
  job: Job,
  federation: Kube,
  movers: readonly Mover[],
  wanted: (mover: Mover) => readonly string[],
): Promise<void> {
  const place = ({ template }: Mover) => template.object.metadata.namespace
  await waitFor(job, {
    what: 'Karmada to hold back changes from later regions',
    fix: 'Look whether karmada-controller-manager runs in the host cluster. Then run this again.',
    timeout: takenUpMilliseconds,
    every: { first: 100, most: 5_000 },
    probe: async () => {
      const bindings = await listBindings(federation, [...new Set(movers.map(place))])
      const open = movers.filter(mover => {
        const { kind, metadata } = mover.template.object
        const name = bindingName(kind, metadata.name)
        const binding = bindings.find(
          each => each.metadata.name === name && each.metadata.namespace === metadata.namespace,
        )
        return binding && heldClusters(binding).toSorted().join() !== wanted(mover).toSorted().join()
      })
      return open.length === 0 ? done(undefined) : waiting(open.map(({ name }) => name).join(', '))
    },
  })
}
