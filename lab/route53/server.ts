import { createWorld } from '@meridian/lab-world'
import { serveRoute53 } from './serve.ts'

export type Route53Options = {
  /** Public zones that are there from the start, such as `example.com`. */
  zones?: readonly string[]
  /** Ports on loopback of the API and of the name server; any free ones by default. */
  port?: number
  dnsPort?: number
  /**
   * How many seconds of Route 53 pass in one of this machine: of a change until it is INSYNC, of a zone's being busy, of
   * the quota of five requests. 60 by default; at 1 it is as slow as the service.
   */
  speed?: number
  /** Ids and keys are the same for the same seed. */
  seed?: number
}

/**
 * How a request can fail. `throttle`, `busy`, `error`, `unavailable`, `denied` and `expired` are refusals in Route 53's own words;
 * `reset-before` and `hang` are not carried out, `reset-after`, `hang-after` and `truncate` (the answer ends half way) are.
 */
export type RequestFailure =
  | 'throttle'
  | 'busy'
  | 'error'
  | 'unavailable'
  | 'denied'
  | 'expired'
  | 'reset-before'
  | 'reset-after'
  | 'hang'
  | 'hang-after'
  | 'truncate'

export type RequestPlan = {
  failure: RequestFailure
  /** Which of the requests that match, counted from now on; 1 by default. */
  nth?: number
  /** How many in a row, 1 by default. */
  times?: number
  /** Such as `ChangeResourceRecordSets`; any by default. */
  operation?: string
}

export type ServedRequest = { operation: string; status?: number; error?: string; failure?: string }

export type Route53Server = {
  /** For a client's `endpoint`, or AWS_ENDPOINT_URL_ROUTE_53. */
  endpoint: string
  /** The one key that it knows. */
  credentials: { accessKeyId: string; secretAccessKey: string }
  /** AWS_* variables for other processes. */
  env: Record<string, string>
  /** Where its zones are answered for, over UDP and TCP. */
  dns: { address: string; port: number }
  /** Makes a zone without a request. */
  addZone(
    name: string,
    options?: { private?: boolean; comment?: string },
  ): { id: string; nameServers: readonly string[] }
  /** What a health check sees from now on: nothing is probed. Throws for an id that no check has. */
  setHealth(id: string, healthy: boolean): void
  /** Plans the failure of requests; `struck` says how many have failed so. */
  fail(plan: RequestPlan): { struck(): number; forget(): void }
  /** What was asked until now, oldest first. */
  requests(): readonly ServedRequest[]
  close(): Promise<void>
}

/** Starts a Route 53 with its name server on loopback; throws what the system says of a port that is taken. */
export async function startRoute53(options: Route53Options = {}): Promise<Route53Server> {
  const { zones = [], port, dnsPort, speed = 60, seed } = options
  const world = createWorld({ scale: speed, ...(seed !== undefined && { seed }) })
  const api = await serveRoute53(world, port)
  const { handles, credentials, endpoint } = api
  const close = async (): Promise<void> => {
    await api.close()
    world.close()
  }
  const dns = await handles.openNameServer(dnsPort).catch(async error => {
    await close()
    throw error
  })
  for (const name of zones) handles.addZone(name)
  return {
    endpoint,
    credentials,
    env: {
      AWS_ENDPOINT_URL_ROUTE_53: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
    },
    dns: { address: dns.address, port: dns.port },
    addZone(name, more) {
      const { id, nameServers } = handles.addZone(name, more)
      return { id, nameServers }
    },
    setHealth(id, healthy) {
      const check = handles.healthChecks().find(each => each.id === id)
      if (!check) throw new Error(`no health check has the id ${id}`)
      check.healthy = healthy
    },
    fail: ({ nth = 1, ...plan }) => world.faults.requests.plan({ nth, ...plan }),
    requests: () =>
      world.requests.all().map(({ operation, status, error, failure }) => ({
        operation,
        ...(status !== undefined && { status }),
        ...(error !== undefined && { error }),
        ...(failure !== undefined && { failure }),
      })),
    async close() {
      await dns.close()
      await close()
    },
  }
}
