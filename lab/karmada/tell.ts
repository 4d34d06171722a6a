import { recordEvent } from '@meridian/lab-clusters/objects'
import type { KubeObject } from '@meridian/lab-kube-api'
import type { ControlPlane } from './control-plane.ts'
import { findTemplate } from './map-kinds.ts'
import type { BindingSpec } from './needs-scheduling.ts'
import type { Taint } from './types.ts'

type Said = { type?: 'Normal' | 'Warning'; reason: string; message: string; component: string }

/** Records an Event of Karmada about each of some objects of the federation; those that are gone are left out. */
export function tell(
  { world, store }: Pick<ControlPlane, 'world' | 'store'>,
  about: readonly (KubeObject | undefined)[],
  said: Said,
): void {
  for (const object of about) if (object) recordEvent(world, store, { about: object, ...said })
}

/** A binding and the template behind it: what Karmada tells of the one it tells of the other. */
export function withTemplate(plane: ControlPlane, binding: KubeObject): (KubeObject | undefined)[] {
  return [binding, findTemplate(plane, (binding.spec as BindingSpec).resource)]
}

/** Taints as Karmada's events name them. */
export function describeTaints(taints: readonly Taint[]): string {
  if (taints.length === 0) return 'cluster now does not have taints'
  const each = taints.map(
    ({ key, value, effect }) => `{Key:${key},${value ? `Value:${value},` : ''}Effect:${effect}}`,
  )
  return `cluster now has taints([${each.join(',')}])`
}
