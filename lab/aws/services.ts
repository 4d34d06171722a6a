import type { World } from '../world/index.ts'
import type { Credentials } from './credentials.ts'
import type { AwsRequest } from './protocol/aws-request.ts'
import { createRoute53 } from './route53/service.ts'
import type { Zones } from './route53/zones.ts'
import type { Service } from './service.ts'
import { createSts } from './sts/service.ts'

/** Finds the service of a request by its credential scope; unsigned ones by what they look like. */
export function createServices(world: World, parts: { credentials: Credentials; zones: Zones }) {
  const services = new Map<string, Service>([
    ['route53', createRoute53(world, parts.zones)],
    ['sts', createSts(world, parts.credentials)],
  ])
  return (request: AwsRequest): Service => {
    const found = services.get(request.service ?? (isForm(request) ? 'sts' : 's3'))
    if (!found) throw new Error(`the lab has no service ${request.service}`)
    return found
  }
}

// AssumeRoleWithWebIdentity is the one call that nobody signs.
function isForm(request: AwsRequest): boolean {
  return request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
}
