import { publicAddresses, textAttribute, type World } from '@meridian/lab-world'
import type { DnsRecord } from './answer-question.ts'
import { canonicalName } from './domain-name.ts'

type Ask = (question: { name: string; type: string }) => { records: readonly DnsRecord[] }

/** The load balancer that a name leads to, over a CNAME or an alias; undefined where it leads to none. */
export function loadBalancerBehind(world: World, ask: Ask, name: string): string | undefined {
  const { records } = ask({ name: canonicalName(name), type: 'A' })
  const [first] = records
  if (first?.type === 'CNAME') return first.value.replace(/\.$/, '')
  if (first === undefined) return undefined
  // By all of them: the ranges for documentation are so small that one address may be of two.
  const isAt = (addresses: string[]) => records.every(({ value }) => addresses.includes(value))
  return world.inventory
    .list(resource => resource.type === 'load-balancer')
    .map(resource => textAttribute(resource, 'dnsName') ?? '')
    .find(host => isAt(publicAddresses(world, host)))
}
