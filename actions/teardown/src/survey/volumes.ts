import type { Kube, KubeObject } from '@meridian/kube'
import { messageOf } from '@meridian/runner'
import type { Work } from '../work.ts'

export type Volume = KubeObject & {
  spec?: {
    persistentVolumeReclaimPolicy?: string
    csi?: { volumeHandle?: string }
    claimRef?: { namespace?: string; name?: string }
  }
}

/** Volumes that outlive their claims, but not their cluster: kops deletes every volume that has its name. */
export async function describeRetained(
  { inputs, job }: Work,
  reached: ReadonlyMap<string, Kube>,
): Promise<string[]> {
  if (!inputs.scope.has('clusters')) return []
  const going = inputs.clusters.filter(({ provider }) => provider === 'kops').map(({ name }) => name)
  const found = await Promise.all(
    going.map(async name => {
      try {
        const volumes = await reached.get(name)?.list<Volume>({ apiVersion: 'v1', kind: 'PersistentVolume' })
        return retainedAmong(volumes ?? []).map(
          volume =>
            `${name}: ${volume} has the reclaim policy Retain, and is deleted all the same with its cluster. Make a snapshot first if it is needed.`,
        )
      } catch (error) {
        job.signal.throwIfAborted()
        return [`${name}: its volumes could not be listed: ${messageOf(error)}.`]
      }
    }),
  )
  return found.flat()
}

/** `volume pvc-1 (vol-1, of shop/data)`, for each that is to be retained. Pure. */
function retainedAmong(volumes: readonly Volume[]): string[] {
  return volumes
    .filter(({ spec }) => spec?.persistentVolumeReclaimPolicy === 'Retain')
    .map(({ metadata, spec }) => {
      const { csi, claimRef } = spec ?? {}
      const facts = [csi?.volumeHandle, claimRef && `of ${claimRef.namespace}/${claimRef.name}`]
      const known = facts.filter(fact => fact !== undefined)
      return `volume ${metadata.name}${known.length > 0 ? ` (${known.join(', ')})` : ''}`
    })
}
