import type { Cluster } from '@meridian/karmada'
import { type Joined, joinMember, unjoinMember, waitJoined } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import type { Job } from '@meridian/runner'
import type { Plan } from './plan.ts'
import type { Reached } from './reach-members.ts'

/** Joins all members at once and waits until each takes part; unjoins what the plan says. */
export async function joinAll(
  job: Job,
  federation: Kube,
  members: readonly Reached[],
  plan: Plan,
): Promise<{ joins: Joined[]; clusters: Cluster[] }> {
  const joins = await Promise.all(
    members.map(async ({ descriptor, kube }) => {
      const joined = await joinMember(job, federation, kube, { ...descriptor, provider: 'aws' })
      job.log.info(`${joined.name}: ${joined.outcome}`)
      return joined
    }),
  )
  for (const name of plan.unlisted)
    job.log.info(`${name}: is a member, though clusters does not name it (prune is off)`)
  await Promise.all(
    plan.unjoin.map(async name => {
      const { outcome } = await unjoinMember(job, federation, name)
      job.log.info(`${name}: ${outcome}`)
    }),
  )
  const clusters = await waitJoined(
    job,
    federation,
    members.map(({ descriptor }) => descriptor.name),
  )
  return { joins, clusters }
}
