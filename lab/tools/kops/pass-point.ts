import type { CrashPoint } from '@meridian/lab-world'
import type { Kops } from './context.ts'

/** A place where the world may kill this process, or the one that called it, as a machine that is lost would. */
export async function passPoint(kops: Kops, point: CrashPoint, cluster: string): Promise<void> {
  const { body } = await kops.world.ask<{ fate: string }>('POST', '/_world/points', { point, cluster })
  if (body.fate === 'live') return
  kops.die(body.fate === 'kill-job')
}
