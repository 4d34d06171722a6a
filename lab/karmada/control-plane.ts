import { type Store, timestamp } from '@meridian/lab-kube-api'
import type { World } from '@meridian/lab-world'
import type { MapKind } from './map-kind.ts'
import type { Members } from './members.ts'

/** What Karmada's controllers share. */
export type ControlPlane = {
  world: World
  store: Store
  members: Members
  /** The kind of a manifest or template, also after it has gone. */
  kindOf: MapKind
  /** Whether a component runs with a flag, or a feature gate, that is off by default. */
  flag(component: string, name: string): boolean
  gate(component: string, name: string): boolean
}

/** Now, as Kubernetes writes it. */
export function nowOf({ world }: Pick<ControlPlane, 'world'>): string {
  return timestamp(world.clock.now())
}
