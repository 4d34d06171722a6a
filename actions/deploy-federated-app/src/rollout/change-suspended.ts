import { type Binding, everywhere } from '@meridian/karmada'
import { conditionOf, type Kube } from '@meridian/kube'
import { type Job, messageOf } from '@meridian/runner'
import { apply, type Writer } from '../apply/apply.ts'
import { isTemplateFirst } from './plan-suspended-changes.ts'
import type { StagedTemplate } from './plan-waves.ts'
import { type Suspend, waitBindings } from './suspend-dispatching.ts'

/** How long a scheduler that refuses is given to think better of it. */
const refusedMilliseconds = 15_000

export const suspendedEverywhere = { held: [everywhere], asBefore: true } as const

/**
 * Changes template and policy of workloads that are held back everywhere, each pair in its safe order, and resolves once
 * Karmada has divided by both: when they are let go, every region goes from what it had to what it gets in one step. A
 * schedule that Karmada refuses ends it too; the wait for the app tells why.
 */
export async function changeSuspended(
  job: Job,
  federation: Kube,
  staged: readonly StagedTemplate[],
  { suspend, writer }: { suspend: Suspend; writer: Writer },
): Promise<void> {
  if (staged.length === 0) return
  const first = staged.filter(isTemplateFirst)
  const second = staged.filter(one => !first.includes(one))
  const write = (some: readonly StagedTemplate[]) =>
    apply(
      job,
      federation,
      some.map(({ template }) => template),
      writer,
    )
  try {
    await write(first)
    await waitBindings(job, federation, first, {
      what: 'Karmada to take up the new number of replicas',
      fix: 'Look whether karmada-controller-manager runs in the host cluster. Then run this again.',
      isReady: hasTakenUp,
    })
    await suspend(staged, () => ({ held: [everywhere] }))
    await write(second)
    const started = Date.now()
    await waitBindings(job, federation, staged, {
      what: 'Karmada to divide the replicas anew',
      fix: 'Look whether karmada-scheduler runs in the host cluster. Then run this again.',
      isReady: (binding, one) =>
        hasTakenUp(binding, one) &&
        (isDivided(binding) || (isRefused(binding) && Date.now() - started > refusedMilliseconds)),
    })
  } catch (error) {
    if (writer.refused.size === 0)
      job.log.warning(
        `${staged.map(({ name }) => name).join(', ')}: held back, so that every region keeps what it has, until this is run again (${messageOf(error)}).`,
      )
    throw error
  }
}

/** Of what Karmada does not divide, its bindings have no number. */
function hasTakenUp({ spec }: Binding, { template }: StagedTemplate): boolean {
  const { replicas, parallelism } = (template.object.spec ?? {}) as {
    replicas?: number
    parallelism?: number
  }
  const wanted = replicas ?? parallelism
  return wanted === undefined || spec.replicas === undefined || spec.replicas === wanted
}

function isDivided({ metadata, status }: Binding): boolean {
  return (status?.schedulerObservedGeneration ?? 0) >= (metadata.generation ?? 0)
}

function isRefused(binding: Binding): boolean {
  return conditionOf(binding, 'Scheduled')?.status === 'False'
}
