import type { World } from '@meridian/lab-world'
import type { AnswerState } from './answer-history.ts'
import { askZones } from './dns/ask-zones.ts'
import type { NameServer } from './dns/open-name-server.ts'
import { openZoneServer } from './dns/open-zone-server.ts'
import { canonicalName } from './domain-name.ts'
import type { HealthCheck, HealthChecks } from './health-checks.ts'
import { loadBalancerBehind } from './load-balancer-behind.ts'
import { locateClient } from './locate-client.ts'
import { worldResolver } from './world-resolver.ts'
import type { Zone, ZoneOptions, Zones } from './zones.ts'

/** What those may do who live in the same process. */
export type Route53Handles = {
  addZone(name: string, options?: ZoneOptions): Zone
  zones(): Zone[]
  healthChecks(): HealthCheck[]
  /** What a name's latency group was after every commit; see `brokenAnswers`. */
  answersOf(name: string): AnswerState[]
  /** The host name of the load balancer that a name sends a client at this address to. */
  loadBalancerBehind(name: string, client: string | undefined): string | undefined
  /** Answers DNS for all public zones, over UDP and TCP on one port of loopback. */
  openNameServer(port?: number): Promise<NameServer>
}

/** Handles for the zones and health checks of a world. */
export function route53Handles(world: World, zones: Zones, checks: HealthChecks): Route53Handles {
  return {
    addZone: zones.add,
    zones: zones.list,
    healthChecks: checks.list,
    answersOf: name => zones.list().flatMap(zone => zone.answers.get(canonicalName(name)) ?? []),
    loadBalancerBehind(name, client) {
      const [position, resolver] = [locateClient(client), worldResolver(world, checks)]
      const ask = (question: { name: string; type: string }) =>
        askZones(zones.list(), world.clock.elapsed(), question, position, resolver)
      return loadBalancerBehind(world, ask, name)
    },
    openNameServer: port => openZoneServer(world, zones, checks, port),
  }
}
