import { bindingName } from '@meridian/karmada'
import type { KubeObject } from '@meridian/kube'

/** As much of a reference as an event has. */
export type Named = { readonly kind?: string; readonly name?: string }

/** What Kubernetes makes up names of (apimachinery's rand.go); with it a hash has up to ten characters. */
const letter = '[bcdfghjklmnpqrstvwxz2456789]'
const made = `-${letter}{5}`
const hash = `-${letter}{6,10}`

/** What controllers make for an object of a kind, by kind, as what follows the object's name. */
const offspring: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Deployment: { ReplicaSet: hash, Pod: hash + made },
  ReplicaSet: { Pod: made },
  DaemonSet: { Pod: made },
  StatefulSet: { Pod: '-\\d+' },
  Job: { Pod: `(-\\d+)?${made}` },
  CronJob: { Job: '-\\d+', Pod: `-\\d+(-\\d+)?${made}` },
  Service: { Endpoints: '', EndpointSlice: made },
}
/** What stands for an object in a federation, under the name of its binding. */
const standIns = /^(Cluster)?(ResourceBinding|PropagationPolicy|OverridePolicy)$/

/**
 * Tells of the objects of a namespace which are these templates, or were made for one of them by Kubernetes or Karmada. By
 * names, since an event outlives what it tells of.
 */
export function madeFor(templates: readonly KubeObject[]): (object: Named) => boolean {
  return ({ kind = '', name = '' }) => templates.some(template => isMadeFor(template, kind, name))
}

function isMadeFor(template: KubeObject, kind: string, name: string): boolean {
  const own = template.metadata.name
  if (kind === template.kind) return name === own
  if (standIns.test(kind)) return name === bindingName(template.kind, own)
  if (kind === 'PersistentVolumeClaim')
    return claimsOf(template).some(claim => follows(name, `${claim}-${own}`, '-\\d+'))
  const rest = offspring[template.kind]?.[kind]
  return rest !== undefined && follows(name, own, rest)
}

function follows(name: string, start: string, rest: string): boolean {
  return name.startsWith(start) && new RegExp(`^${rest}$`).test(name.slice(start.length))
}

/** A StatefulSet's pods have each a claim of every template. */
function claimsOf({ kind, spec }: KubeObject): string[] {
  const { volumeClaimTemplates } = (spec ?? {}) as {
    volumeClaimTemplates?: { metadata?: { name?: string } }[]
  }
  if (kind !== 'StatefulSet' || !Array.isArray(volumeClaimTemplates)) return []
  return volumeClaimTemplates.flatMap(each => each.metadata?.name ?? [])
}
