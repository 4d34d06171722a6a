import { areHeld, type Binding, bindingName, heldClusters, listBindings } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { done, type Job, waitFor, waiting } from '@meridian/runner'
import { apply, type Writer } from './apply.ts'
import { holdStep, type Mover } from './plan-waves.ts'

/** Has the movers' policies hold back changes from these clusters, each mover's own. */
export type Hold = (wanted: (mover: Mover) => readonly string[]) => Promise<void>

const takenUpMilliseconds = 120_000

/**
 * Writes only policies that hold back otherwise than they do. Resolves once the bindings and the Works made
 * from them say the same: only then is it safe to change a template.
 */
export function createHold(job: Job, federation: Kube, movers: readonly Mover[], writer: Writer): Hold {
  const current = new Map<Mover, string>()
  const quiet = { ...job, log: { ...job.log, info: job.log.debug } }
  return async wanted => {
    const open = movers.filter(mover => {
      const asPlanned = mover.policy.action === 'keep' ? '' : undefined
      return (current.get(mover) ?? asPlanned) !== wanted(mover).join()
    })
    const steps = open.map(mover => holdStep(mover, wanted(mover), current.has(mover)))
    await apply(quiet, federation, steps, writer)
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
  const places = [...new Set(movers.map(({ template }) => template.object.metadata.namespace))]
  await waitFor(job, {
    what: 'Karmada to hold back changes from later regions',
    fix: 'Look whether karmada-controller-manager runs in the host cluster. Then run this again.',
    timeout: takenUpMilliseconds,
    every: { first: 100, most: 5_000 },
    probe: async () => {
      const bindings = await listBindings(federation, places)
      const own = movers.flatMap(mover => {
        const binding = findBinding(bindings, mover)
        return binding ? [{ mover, binding }] : []
      })
      const open = own.filter(
        ({ mover, binding }) => heldClusters(binding).toSorted().join() !== wanted(mover).toSorted().join(),
      )
      if (open.length > 0) return waiting(open.map(({ mover }) => mover.name).join(', '))
      const held = await areHeld(
        federation,
        own.map(({ binding }) => binding),
      )
      return held ? done(undefined) : waiting('the Works of later regions')
    },
  })
}

function findBinding(bindings: readonly Binding[], { template }: Mover): Binding | undefined {
  const { kind, metadata } = template.object
  const name = bindingName(kind, metadata.name)
  return bindings.find(each => each.metadata.name === name && each.metadata.namespace === metadata.namespace)
}
