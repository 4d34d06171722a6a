import type { World } from '@meridian/lab-world'

const preload = new URL('scaled-clock.mjs', import.meta.url)

/**
 * What lets a process live by the clock of a world with `dates: 'scaled'`: what takes it minutes takes seconds, and it never
 * knows. While there is a file of the name `noDns`, nothing resolves in it.
 */
export function byWorldClock({ clock }: World, noDns?: string): Record<string, string> {
  return {
    NODE_OPTIONS: `--import=${preload.href}`,
    MERIDIAN_CLOCK: `${clock.origin},${clock.scale}`,
    ...(noDns !== undefined && { MERIDIAN_NO_DNS: noDns }),
  }
}
