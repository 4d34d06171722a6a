import { knownAddresses, type World } from '@meridian/lab-world'
import type { HealthChecks } from '../health-checks.ts'
import { locateClient } from '../locate-client.ts'
import { worldResolver } from '../world-resolver.ts'
import type { Zones } from '../zones.ts'
import { answerPacket } from './answer-packet.ts'
import { askLoadBalancers } from './ask-load-balancers.ts'
import { askZones } from './ask-zones.ts'
import { type NameServer, openNameServer } from './open-name-server.ts'

/** One server stands for all name servers of every public zone of the world, AWS's own zones of load balancers among them. */
export function openZoneServer(
  world: World,
  zones: Zones,
  checks: HealthChecks,
  port?: number,
): Promise<NameServer> {
  const resolver = worldResolver(world, checks)
  return openNameServer((message, asker) => {
    if (world.faults.active('silent-name-servers')) return undefined
    return answerPacket(
      message,
      asker,
      (question, client) =>
        askLoadBalancers(question, name => knownAddresses(world, name)) ??
        askZones(zones.list(), world.clock.elapsed(), question, locateClient(client), resolver),
    )
  }, port)
}
