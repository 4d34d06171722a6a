import { regions } from '@meridian/aws'
import { findNearest, worldVantagePoints } from '@meridian/dns'
import { publishedRecords } from '@meridian/lab-route53'
import type { Universe } from '@meridian/lab-universe'
import { numberAt } from '@meridian/lab-world/json'

/** A city that was led to a region whose app lacked pods, at a world second. */
type Harm = { at: number; city: string; region: string; ready: number }

export type Watch = {
  harms: Harm[]
  /** The fewest ready pods that a region has had. */
  fewest: Record<string, number>
  /** Every set of regions that name servers have answered with. */
  served: string[]
  /** How often all cities have asked. */
  rounds: number
  stop(): void
}

const ttlSeconds = 60

/**
 * Asks for a name in every built-in city each world second, through a resolver for each that remembers an answer as long as
 * its TTL, and compares the region with the pods that run there: from outside, by name servers and pods.
 */
export function watchUsers(
  universe: Universe,
  { fqdn, app, pods }: { fqdn: string; app: string; pods: number },
): Watch {
  const { clock } = universe.world
  const known = new Map<string, { region: string; until: number }>()
  const watch: Watch = { harms: [], fewest: {}, served: [], rounds: 0, stop: () => clearInterval(timer) }

  function serving(now: number): string[] {
    const records = publishedRecords(universe.zone, now).at(`${fqdn}.`)
    return [...new Set(records.flatMap(({ region }) => region ?? []))].sort()
  }

  function resolve(
    city: (typeof worldVantagePoints)[number],
    now: number,
    answers: readonly string[],
  ): string {
    const remembered = known.get(city.city)
    if (remembered && remembered.until > now) return remembered.region
    const places = answers.map(region => ({ region, ...regions[region as keyof typeof regions] }))
    const { region = '' } = findNearest(city, places) ?? {}
    known.set(city.city, { region, until: now + ttlSeconds })
    return region
  }

  const timer = setInterval(() => {
    const now = clock.elapsed()
    const answers = serving(now)
    if (watch.served.at(-1) !== answers.join()) watch.served.push(answers.join())
    const ready = readyPods(universe, app)
    for (const [region, count] of Object.entries(ready))
      watch.fewest[region] = Math.min(watch.fewest[region] ?? count, count)
    for (const city of worldVantagePoints) {
      const region = resolve(city, now, answers)
      const count = ready[region] ?? 0
      if (count < pods) watch.harms.push({ at: Math.round(now), city: city.city, region, ready: count })
    }
    watch.rounds += 1
  }, 1000 / clock.scale)
  return watch
}

function readyPods({ clusters }: Universe, app: string): Record<string, number> {
  return Object.fromEntries(
    clusters.clusters().map(({ spec, store }) => {
      const deployment = store.get('Deployment', 'default', app)
      return [spec.region, deployment ? numberAt(deployment, 'status', 'readyReplicas') : 0]
    }),
  )
}
