import type { RequestHandler } from '../world/front-door.ts'
import type { World } from '../world/index.ts'
import { createCredentials } from './credentials.ts'
import { createLoadBalancers, type LoadBalancers } from './elb/load-balancers.ts'
import { createHandler } from './handle-request.ts'
import type { AnswerState } from './route53/answer-history.ts'
import type { NameServer } from './route53/dns/open-name-server.ts'
import { openZoneServer } from './route53/dns/open-zone-server.ts'
import { canonicalName } from './route53/domain-name.ts'
import { createHealthChecks, type HealthCheck } from './route53/health-checks.ts'
import { createZones, type Zone, type ZoneOptions } from './route53/zones.ts'
import type { Bucket } from './s3/bucket.ts'
import { createBuckets } from './s3/buckets.ts'
import { createServices } from './services.ts'

/** The AWS of one world: what serves its requests, and handles for those who live in the same process. */
export type Aws = {
  handler: RequestHandler
  /** A long-lived key of the account. */
  credentials: { accessKeyId: string; secretAccessKey: string }
  route53: {
    addZone(name: string, options?: ZoneOptions): Zone
    zones(): Zone[]
    healthChecks(): HealthCheck[]
    /** What a name's latency group was after every commit; see `brokenAnswers`. */
    answersOf(name: string): AnswerState[]
    /** Answers DNS for all public zones, over UDP and TCP on one port of loopback. */
    openNameServer(port?: number): Promise<NameServer>
  }
  s3: { buckets(): Bucket[]; addForeignBucket(name: string): void }
  elb: LoadBalancers
}

export function createAws(world: World): Aws {
  const credentials = createCredentials(world)
  const zones = createZones(world)
  const checks = createHealthChecks(world)
  const buckets = createBuckets(world)
  const findService = createServices(world, { credentials, zones, checks, buckets })
  const secretAccessKey = 'the-lab-checks-no-secret'
  world.secrets.add('secret key of the account', secretAccessKey)
  return {
    handler: createHandler(world, credentials, findService),
    credentials: { accessKeyId: 'AKIAMERIDIANLAB00001', secretAccessKey },
    route53: {
      addZone: zones.add,
      zones: zones.list,
      healthChecks: checks.list,
      answersOf: name => zones.list().flatMap(zone => zone.answers.get(canonicalName(name)) ?? []),
      openNameServer: port => openZoneServer(world, zones, checks, port),
    },
    s3: { buckets: buckets.list, addForeignBucket: buckets.addForeign },
    elb: createLoadBalancers(world),
  }
}
