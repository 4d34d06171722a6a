import type { DnsRecord } from '../answer-question.ts'
import { isWithin } from '../domain-name.ts'
import { type Authority, refusal } from './answer-packet.ts'

const ttl = 60

/**
 * What the name servers of AWS's own zones say of load balancers of all accounts: their addresses, nothing while one has
 * none yet, and NXDOMAIN for a name that nobody has (any more). Undefined for names that are none of theirs.
 */
export function askLoadBalancers(
  { name, type }: { name: string; type: string },
  /** Addresses behind a name; undefined where no load balancer has it. */
  addressesOf: (dnsName: string) => readonly string[] | undefined,
): Authority | undefined {
  const apex = apexOf(name)
  if (apex === undefined) return undefined
  if (type === 'AXFR' || type === 'IXFR') return refusal('REFUSED')
  const addresses = name === apex ? [] : addressesOf(name.replace(/^dualstack\./, ''))
  const records = type === 'A' ? (addresses ?? []).map(value => ({ name, type, ttl, value })) : []
  return {
    responseCode: addresses === undefined ? 'NXDOMAIN' : 'NOERROR',
    authoritative: true,
    records,
    authority: records.length > 0 ? [] : [soaOf(apex)],
    byLocation: false,
  }
}

/** The zone of a load balancer's name: classic and application ones, or network ones, of a region. */
function apexOf(name: string): string | undefined {
  const [apex] = /[a-z0-9-]+\.elb\.amazonaws\.com\.$|elb\.[a-z0-9-]+\.amazonaws\.com\.$/.exec(name) ?? []
  return apex !== undefined && isWithin(name, apex) ? apex : undefined
}

function soaOf(name: string): DnsRecord {
  const value = 'ns-1119.awsdns-11.org. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 60'
  return { name, type: 'SOA', ttl, value }
}
