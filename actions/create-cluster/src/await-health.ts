import { type Kops, type KopsCluster, type Validation, validateCluster } from '@meridian/kops'
import { done, type Job, pause, waitFor, waiting } from '@meridian/runner'
import type { Inputs } from './inputs.ts'
import { teardownAdvice } from './leave-word.ts'

/** A cluster that has just become healthy may lose its API for a moment, so it is looked at more than once. */
const betweenLooks = 1_000

/** Waits until kops finds the cluster healthy several times in a row; ends at once when kops cannot succeed. */
export async function awaitHealth(
  inputs: Inputs,
  cluster: KopsCluster,
  kops: Kops,
  job: Job,
): Promise<Validation> {
  const expected = inputs.controlPlaneCount + inputs.nodeCount
  return waitFor<Validation>(job, {
    what: `cluster ${cluster.fullName}`,
    fix: `Raise timeout if it was making progress. ${teardownAdvice(inputs)}`,
    probe: async () => {
      for (let look = 1; ; look += 1) {
        const validation = await validateCluster(kops, cluster, expected)
        if (!validation.ready) return waiting(validation.missing)
        if (look >= inputs.validateCount) return done(validation)
        await pause(betweenLooks, job.signal)
      }
    },
  })
}
