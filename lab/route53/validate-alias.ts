import { regions } from '@meridian/lab-world'
import { isWithin } from './domain-name.ts'
import type { RecordSet } from './record-set.ts'
import type { ZoneView } from './validate-change.ts'

/** The domain under which the names of an ELB hosted zone lie, and whether they are network load balancers. */
const loadBalancerDomains = new Map(
  regions.flatMap(region => [
    [region.elbZone, `${region.name}.elb.amazonaws.com.`] as const,
    [region.networkZone, `elb.${region.name}.amazonaws.com.`] as const,
  ]),
)

/** Load balancers have addresses and nothing else. */
const addressTypes = ['A', 'AAAA']

/** Whether an alias may point where it points: into its own zone, or at a name of the given ELB zone. */
export function aliasProblem(zone: ZoneView & { id: string }, record: RecordSet): string | undefined {
  const { alias } = record
  if (!alias) return undefined
  const tried = `Tried to create an alias that targets ${alias.dnsName}, type ${record.type} in zone ${alias.zoneId}`
  if (alias.zoneId === zone.id) {
    const target = zone.records.at(alias.dnsName).find(other => other.type === record.type)
    return target ? undefined : `${tried}, but that target was not found`
  }
  const domain = loadBalancerDomains.get(alias.zoneId)
  if (domain !== undefined && isWithin(alias.dnsName, domain)) {
    return addressTypes.includes(record.type) ? undefined : `${tried}, but that target was not found`
  }
  return `${tried}, but the alias target name does not lie within the target zone`
}
