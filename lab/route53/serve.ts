import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  AwsError,
  type AwsRequest,
  authenticate,
  createCredentials,
  createHandler,
  type LongLivedKey,
} from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import { type Route53Handles, route53Handles } from './handles.ts'
import { createHealthChecks } from './health-checks.ts'
import { createRoute53 } from './service.ts'
import { createZones } from './zones.ts'

/** Route 53 alone, over HTTP. */
export type ServedRoute53 = {
  endpoint: string
  credentials: LongLivedKey
  handles: Route53Handles
  close(): Promise<void>
}

/** Serves the Route 53 of a world on loopback, on any free port where `port` is 0; requests must be signed for it. */
export async function serveRoute53(world: World, port = 0): Promise<ServedRoute53> {
  const [zones, checks, credentials] = [
    createZones(world),
    createHealthChecks(world),
    createCredentials(world),
  ]
  const service = createRoute53(world, zones, checks)
  const handle = createHandler(world, {
    admit(request) {
      checkScope(request)
      authenticate(request, credentials, world.clock.now())
    },
    findService: () => service,
  })
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: credentials.add(world.accountId),
    handles: route53Handles(world, zones, checks),
    close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    },
  }
}

function checkScope({ service }: AwsRequest): void {
  if (service === undefined || service === 'route53') return
  const words = "Credential should be scoped to correct service: 'route53'."
  throw new AwsError(403, 'SignatureDoesNotMatch', words)
}
