import { type AppObjects, judgeObject } from '@meridian/karmada'
import { describeRef, type Kube, type KubeObject, refOf } from '@meridian/kube'
import { listOwnBalancers } from '../clusters/balancers.ts'
import type { AppOwner } from '../work.ts'
import type { Volume } from './volumes.ts'

/** What an object of the app has become in a cluster, where that costs money. */
export type Trace = { readonly cluster: string; readonly object: string; readonly what: string }

type VolumeClaim = KubeObject & { spec?: { volumeName?: string } }

/** What an app has become in the clusters that answer: its load balancers and volumes, those too that outlive it. */
export async function readFootprint(
  { templates }: AppObjects,
  reached: ReadonlyMap<string, Kube>,
  owner: AppOwner,
): Promise<Trace[]> {
  const found = await Promise.all(
    [...reached].map(async ([cluster, kube]) => {
      const traces = [...(await traceBalancers(kube, owner)), ...(await traceVolumes(kube, templates, owner))]
      return traces.map(trace => ({ cluster, ...trace }))
    }),
  )
  return found.flat()
}

const isOurs = (object: KubeObject, { identity, plane }: AppOwner) =>
  judgeObject(object, identity, plane).kind === 'ours'

async function traceBalancers(kube: Kube, owner: AppOwner): Promise<Omit<Trace, 'cluster'>[]> {
  return (await listOwnBalancers(kube, owner)).map(({ ref, hostnames }) => ({
    object: describeRef(ref),
    what: `load balancer ${hostnames.join(', ') || 'without a name yet'}`,
  }))
}

async function traceVolumes(
  kube: Kube,
  templates: readonly KubeObject[],
  owner: AppOwner,
): Promise<Omit<Trace, 'cluster'>[]> {
  const claims = await kube.list<VolumeClaim>({ apiVersion: 'v1', kind: 'PersistentVolumeClaim' })
  const own = claims.flatMap(claim => {
    if (isOurs(claim, owner)) return [{ claim, outlives: false }]
    return isClaimOf(templates, claim) ? [{ claim, outlives: true }] : []
  })
  if (own.length === 0) return []
  const volumes = await kube.list<Volume>({ apiVersion: 'v1', kind: 'PersistentVolume' })
  return own.map(({ claim, outlives }) => {
    const volume = volumes.find(({ metadata }) => metadata.name === claim.spec?.volumeName)
    return { object: describeRef(refOf(claim)), what: describeVolume(volume, outlives) }
  })
}

/** Whether a StatefulSet of ours has made a claim, which it leaves behind unless it says otherwise. Exported for its test. */
export function isClaimOf(templates: readonly KubeObject[], { metadata }: KubeObject): boolean {
  return templates.some(template => {
    if (template.kind !== 'StatefulSet' || template.metadata.namespace !== metadata.namespace) return false
    const { volumeClaimTemplates = [] } = template.spec as {
      volumeClaimTemplates?: { metadata?: { name?: string } }[]
    }
    return volumeClaimTemplates.some(each => {
      const start = `${each.metadata?.name}-${template.metadata.name}-`
      return metadata.name.startsWith(start) && /^\d+$/.test(metadata.name.slice(start.length))
    })
  })
}

/** Exported for its test. */
export function describeVolume(volume: Volume | undefined, outlives: boolean): string {
  if (volume === undefined) return 'no volume yet'
  const { csi, persistentVolumeReclaimPolicy } = volume.spec ?? {}
  const name = `volume ${csi?.volumeHandle ?? volume.metadata.name}`
  if (outlives) return `${name}, which stays: StatefulSets leave their claims behind`
  return persistentVolumeReclaimPolicy === 'Retain'
    ? `${name}, which stays: its reclaim policy is Retain`
    : name
}
