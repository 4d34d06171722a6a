import type { Kube } from '@meridian/kube'
import { UserError } from '@meridian/runner'
import type { Cluster } from './clusters.ts'

/** The UID of its kube-system namespace tells a cluster from all others, whatever it is called. */
export async function readClusterId(kube: Kube): Promise<string> {
  const system = await kube.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' })
  if (system?.metadata.uid === undefined)
    throw new Error(`cluster ${kube.context} has no namespace kube-system`)
  return system.metadata.uid
}

/** Refuses one cluster under two names: both would manage the same objects. */
export function checkIdentity(clusters: readonly Cluster[], name: string, id: string): Cluster | undefined {
  const twin = clusters.find(({ metadata, spec }) => spec.id === id && metadata.name !== name)
  if (twin) {
    throw new UserError(`cluster ${name} is a member already, under the name ${twin.metadata.name}`, {
      fix: 'Give each cluster one name only: correct clusters, or the context that the name stands for.',
      input: 'clusters',
    })
  }
  const known = clusters.find(({ metadata }) => metadata.name === name)
  if (known === undefined || known.spec.syncMode === 'Push') return known
  throw new UserError(`${name} is a member in mode ${known.spec.syncMode}, with an agent of its own`, {
    fix: `Take it out with karmadactl unregister ${name}, or leave it out of clusters.`,
    input: 'clusters',
  })
}
