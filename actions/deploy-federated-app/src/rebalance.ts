import { buildRebalancer } from '@meridian/karmada'
import { describeRef, type Kube, refOf } from '@meridian/kube'
import type { Job } from '@meridian/runner'
import type { Arrival } from './wait-done.ts'

const mostTries = 3

/**
 * Has Karmada divide anew what is not divided by the weights. It divides replicas once: a region that was away
 * and has come back gets none of its own accord. Each schedule is objected to once, and each workload's at most
 * three times, so that a scheduler of another opinion is not argued with for ever.
 */
export function createRebalance(
  job: Pick<Job, 'log'>,
  federation: Pick<Kube, 'apply'>,
): (arrivals: readonly Arrival[]) => Promise<void> {
  const asked = new Map<string, Set<number>>()
  return async arrivals => {
    for (const { template, binding, status } of arrivals) {
      if (binding === undefined || !status.unbalanced) continue
      const name = describeRef(refOf(template))
      const tries = asked.get(name) ?? new Set()
      const { generation = 0 } = binding.metadata
      if (tries.has(generation) || tries.size >= mostTries) continue
      asked.set(name, tries.add(generation))
      job.log.info(`${name} is ${status.reason}: its replicas are divided anew`)
      await federation.apply(buildRebalancer(refOf(template), binding))
    }
  }
}
