import type { ApiServer } from '@meridian/lab-kube-api'
import type { World } from '@meridian/lab-world'

/**
 * How an API server can be away: `refused` closes its door, `silent` takes requests and never answers, `slow` takes
 * ten seconds for each.
 */
export type Outage = 'refused' | 'silent' | 'slow'

const failureOf = { silent: 'hang', slow: 'slow' } as const

/** Takes an API server away and cuts whoever is connected; the returned function brings it back. */
export function takeAway(world: World, server: ApiServer, host: string, outage: Outage): () => void {
  const back =
    outage === 'refused'
      ? world.network.block(host)
      : world.faults.requests.plan({
          failure: failureOf[outage],
          server: server.name,
          nth: 1,
          times: Infinity,
        }).forget
  server.cut()
  return () => {
    back()
    // Whoever waits for an answer of before waits for one that will not come.
    server.cut()
  }
}

const named: Record<string, Outage> = {
  'member-down': 'refused',
  'member-silent': 'silent',
  'member-slow': 'slow',
}
const beginsAfter = 240
const lasts = 120

/** Lets the named faults of members happen to a cluster that has just begun to serve, if it is the one they mean by then. */
export function scheduleOutages(world: World, server: ApiServer, host: string, isMeant: () => boolean): void {
  for (const [name, outage] of Object.entries(named)) {
    if (!world.faults.active(name)) continue
    world.clock.after(world.faults.parameter(name) ?? beginsAfter, () => {
      if (isMeant()) world.clock.after(lasts, takeAway(world, server, host, outage))
    })
  }
}
