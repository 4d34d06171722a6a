import type { Kube, KubeObject } from '@meridian/kube'
import { done, type Job, waitFor, waiting } from '@meridian/runner'

type Workload = KubeObject & {
  spec?: { replicas?: number }
  status?: { readyReplicas?: number; observedGeneration?: number }
}

const patience = 15 * 60_000
const kinds = ['Deployment', 'StatefulSet']
/** What Karmada has brought carries it, as does what runs Karmada itself on a host. */
const ofFederation = [{ labels: { 'karmada.io/managed': 'true' } }, { namespace: 'karmada-system' }]

/**
 * Waits until what the federation runs in a cluster has all its pods again, by the cluster's own word: kops looks at what
 * is critical to the cluster alone, and what Karmada knows of its member may be of before.
 */
export async function awaitWorkloads(
  kube: Pick<Kube, 'list'>,
  job: Pick<Job, 'signal' | 'deadline' | 'log'>,
): Promise<void> {
  await waitFor(job, {
    what: 'what the federation runs in the cluster',
    fix: 'Look at its pods with kubectl: they had to move to new machines. Then run this again, which replaces no machine anew.',
    timeout: patience,
    probe: async () => {
      const lists = kinds.flatMap(kind =>
        ofFederation.map(where => kube.list<Workload>({ apiVersion: 'apps/v1', kind }, where)),
      )
      const missing = findUnready((await Promise.all(lists)).flat())
      return missing.length === 0 ? done(undefined) : waiting(missing.join(', '))
    },
  })
}

/** Those that lack pods, each as `shop/web has 1 of 2`. Pure. */
export function findUnready(workloads: readonly Workload[]): string[] {
  return workloads.flatMap(({ metadata, spec, status }) => {
    const wanted = spec?.replicas ?? 1
    const current = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)
    const ready = current ? (status?.readyReplicas ?? 0) : 0
    return ready >= wanted ? [] : [`${metadata.namespace}/${metadata.name} has ${ready} of ${wanted}`]
  })
}
