import { isIPv4, isIPv6 } from 'node:net'
import type { AskedFrom } from '@meridian/dns'
import { networkOf, type Parser, yamlOf } from '@meridian/runner'
import * as z from 'zod/mini'

const points = z
  .array(
    z.strictObject({
      city: z.string('must be text'),
      subnet: z.string('must be text'),
      expected: z.string('must be a region'),
    }),
  )
  .check(z.minLength(1, 'must name at least one city'), z.maxLength(200, 'must name at most 200 cities'))

/** A list of `{city, subnet, expected}`: which region should answer to clients of which subnet. */
export const vantagePoints: Parser<(AskedFrom & { expected: string })[]> = raw =>
  yamlOf(points)(raw).map(({ city, subnet, expected }) => ({
    city,
    subnet: parseSubnet(subnet.trim()),
    expected,
  }))

function parseSubnet(raw: string): string {
  const [address = '', mask, ...rest] = raw.split('/')
  const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : undefined
  const bits = mask === undefined ? (most === 32 ? 24 : 64) : Number(mask)
  // A client subnet with bits beyond its length is refused by some servers (RFC 7871).
  const network = rest.length === 0 && Number.isInteger(bits) ? networkOf(`${address}/${bits}`) : undefined
  if (most === undefined || network === undefined) {
    throw new Error(`has the subnet '${raw}': it must be an IP network such as '203.0.113.0/24'`)
  }
  return network
}
