import type { KubeObject } from '@meridian/lab-kube-api'
import type { Clock } from '@meridian/lab-world'

const defaultDeadline = 600

/** Tells how long a Deployment may still go without getting anywhere. */
export type ProgressWatch = {
  /** World seconds until the progress deadline passes; 0 or less once it has. */
  left(deployment: KubeObject, ready: number): number
}

/** Progress is a new generation or another ready pod; each starts the time anew. */
export function createProgressWatch({ elapsed }: Pick<Clock, 'elapsed'>): ProgressWatch {
  const last = new Map<string, { mark: string; since: number }>()
  return {
    left(deployment, ready) {
      const { uid = '', generation } = deployment.metadata
      const mark = `${generation} ${ready}`
      const known = last.get(uid)
      const since = known?.mark === mark ? known.since : elapsed()
      last.set(uid, { mark, since })
      const { progressDeadlineSeconds = defaultDeadline } = deployment.spec as {
        progressDeadlineSeconds?: number
      }
      return since + progressDeadlineSeconds - elapsed()
    },
  }
}
