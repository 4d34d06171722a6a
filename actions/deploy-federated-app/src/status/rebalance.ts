import { type Binding, buildRebalancer, type Cluster, servesKind } from '@meridian/karmada'
import { describeRef, isOvertaken, type Kube, refOf } from '@meridian/kube'
import type { Job } from '@meridian/runner'
import { listObstacles } from '../placement/choose-clusters.ts'
import type { TemplateStatus } from './template-status.ts'

const mostTries = 5
/** A new schedule takes Karmada a second or two. */
const patienceMilliseconds = 5_000

/**
 * Has Karmada schedule anew what it has scheduled otherwise than it would now: it divides replicas once, and a region
 * that was away and has come back gets none of its own accord; and it does not look again once a member serves a kind
 * whose definition has just arrived there. Each object is asked for five times at most, a little later each time, so
 * that a scheduler of another opinion is not argued with for ever.
 */
export function createRebalance(
  job: Pick<Job, 'log'>,
  federation: Pick<Kube, 'apply' | 'serverTime'>,
): (statuses: readonly TemplateStatus[], clusters: readonly Cluster[]) => Promise<void> {
  const asked = new Map<string, { tries: number; at: number }>()
  return async (statuses, clusters) => {
    for (const each of statuses) {
      const why = reasonToSchedule(each, clusters)
      if (why === undefined || each.binding === undefined) continue
      const name = describeRef(refOf(each.template))
      const now = federation.serverTime()
      if (wouldBeLost(each.binding, now)) continue
      const { tries, at } = asked.get(name) ?? { tries: 0, at: Number.NEGATIVE_INFINITY }
      if (tries >= mostTries || now - at < tries * patienceMilliseconds) continue
      asked.set(name, { tries: tries + 1, at: now })
      job.log.info(`${name} ${why}`)
      const asking = buildRebalancer(refOf(each.template), each.binding, now)
      // Who has asked for the same in the same second has said what there is to say.
      await federation.apply(asking, { over: 'nothing' }).catch(error => {
        if (!isOvertaken(error)) throw error
      })
    }
  }
}

/**
 * Karmada goes by whole seconds: what is asked for in the second of the last schedule counts as older than it
 * (`RescheduleRequired` in its pkg/util/binding.go), and nobody is told.
 */
function wouldBeLost({ status }: Binding, now: number): boolean {
  return Math.floor(now / 1000) * 1000 <= Date.parse(status?.lastScheduledTime ?? '')
}

/** Why an object's schedule would be another if it were made now; undefined where it is left alone. Exported for its tests. */
export function reasonToSchedule(
  { template, status }: Pick<TemplateStatus, 'template' | 'status'>,
  clusters: readonly Cluster[],
): string | undefined {
  if (status.unbalanced) return `is ${status.reason}: its replicas are divided anew`
  const fits = (name: string) => {
    const cluster = clusters.find(({ metadata }) => metadata.name === name)
    return cluster !== undefined && listObstacles(cluster).length === 0 && servesKind(cluster, template)
  }
  if (status.missed.length === 0 || !status.missed.every(fits)) return undefined
  return `is not scheduled to ${status.missed.join(', ')}, where its kind is served by now: it is scheduled anew`
}
