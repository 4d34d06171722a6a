import { latencyRegions, publicAddresses, type World } from '@meridian/lab-world'
import type { Resolver } from './answer-question.ts'
import type { HealthChecks } from './health-checks.ts'

/** What an answer depends on beside the records: regions, load balancers and health checks of the world. */
export function worldResolver(world: World, checks: HealthChecks): Resolver {
  return {
    positionOf: region => latencyRegions.find(({ name }) => name === region),
    addressesOf: dnsName => publicAddresses(world, dnsName),
    isHealthy: checks.isHealthy,
  }
}
