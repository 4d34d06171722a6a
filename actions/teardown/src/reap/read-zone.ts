import { route53 } from '@meridian/aws/clients'
import {
  type EnvironmentClaim,
  isWithin,
  readClaims,
  readGroups,
  seekZone,
  type Zone,
  type ZoneGroup,
} from '@meridian/dns'
import { messageOf } from '@meridian/runner'
import type { Work } from '../work.ts'
import { type AnyClaim, type Doubt, rootOfMark, type TenantClaim } from './claims.ts'

/** What the domain's zone says. */
export type ZoneLook = {
  /** Undefined where the domain has none, or it could not be read. */
  readonly zone: Zone | undefined
  readonly groups: readonly ZoneGroup[]
  readonly tenants: readonly TenantClaim[]
  readonly doubts: readonly Doubt[]
  /** Why it could not be read, in a whole sentence. */
  readonly problem: string | undefined
}

const nothing: ZoneLook = { zone: undefined, groups: [], tenants: [], doubts: [], problem: undefined }

/** Reads the zone once: claims of environments without a cluster of their own, and all other names. */
export async function readZone(work: Work): Promise<ZoneLook> {
  const { aws, inputs, job } = work
  const { domain } = inputs
  if (!inputs.scope.has('dns')) return nothing
  try {
    const client = route53(aws)
    const zone = await seekZone(client, { fqdn: domain, domain }, inputs.zoneId)
    if (zone === undefined) return nothing
    const { claims, rest } = readClaims(await readGroups(client, zone))
    const found = claims.filter(({ root }) => isWithin(root, domain)).map(judgeTenant)
    return {
      zone,
      groups: rest,
      tenants: found.filter(one => 'claim' in one),
      doubts: found.filter(one => 'text' in one),
      problem: undefined,
    }
  } catch (error) {
    job.signal.throwIfAborted()
    const problem = `The records of ${domain} could not be looked through: ${messageOf(error)}`
    return { ...nothing, problem }
  }
}

/** What stands where a claim does and is none, or speaks for another environment than its name, keeps this one. Pure. */
function judgeTenant(claim: EnvironmentClaim): TenantClaim | Doubt {
  const { fqdn, root, reading } = claim
  const doubt = (why: string): Doubt => ({ root, text: `Whose the claim ${fqdn} is cannot be told: ${why}` })
  if (reading.kind === 'unreadable') return doubt(reading.why)
  if (reading.kind !== 'marked') return doubt('another tool has marked it')
  const { domain } = reading.mark
  if (domain === undefined) return doubt('it names no domain')
  const mark = { ...reading.mark, domain }
  const named = rootOfMark(mark)
  if (named !== root) return doubt(`it speaks for ${named}`)
  return { fullName: root, mark, isProtected: false, claim }
}

/** Whether two claims are one: of a zone by its name, of a cluster by its store. */
export function keyOfClaim(one: AnyClaim): string {
  if ('claim' in one) return one.claim.fqdn
  return `${one.store.bucket}/${one.store.path}/${one.fullName}`
}
