import { type ControlLoop, keyOf, splitKey, startControlLoop } from '@meridian/lab-clusters/control-loop'
import { expire, isFinished } from '@meridian/lab-clusters/objects'
import type { ControlPlane } from '../control-plane.ts'

/**
 * `ttl-after-finished`, which karmadactl init leaves to the federation's own kube-controller-manager: members get Jobs without
 * the field. A template goes when its reported status has been an end for so long.
 */
export function startFinishedJobs(plane: ControlPlane): ControlLoop {
  const finished = new Map<string, number>()
  const loop = startControlLoop({
    clock: plane.world.clock,
    reconcile: key => {
      const job = plane.store.get('Job', ...splitKey(key))
      return job && !job.metadata.deletionTimestamp && isFinished(job)
        ? expire(plane, finished, job)
        : undefined
    },
  })
  loop.follow(plane.store, 'Job', object => [keyOf(object)])
  return loop
}
