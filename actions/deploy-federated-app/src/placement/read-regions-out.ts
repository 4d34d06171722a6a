import type { SignIn } from '@meridian/aws'
import { route53 } from '@meridian/aws/clients'
import { findZone, judgeObserved, paceRequests, readGroup, readOwnerMark } from '@meridian/dns'
import { describeIdentity, identityOf, recordName } from '@meridian/identity'
import type { Job } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'

/** What tells whose a name is, where it is, and what of it counts no longer. */
export type NameInputs = Pick<Inputs, 'bringBack' | 'domain' | 'environment' | 'repository' | 'zoneId'>

/**
 * The regions that latency-dns has taken out of the names that lead to the app. They get no replicas until they are
 * brought back there. Only reads.
 */
export async function readRegionsOut(
  inputs: NameInputs & { record: readonly string[] },
  job: Job,
  signIn: SignIn,
): Promise<ReadonlySet<string>> {
  const out = new Set<string>()
  const aws = await signIn()
  const client = paceRequests(job, route53(aws, { maxAttempts: 1 }))
  const identity = { ...identityOf(inputs, job.run), account: await aws.account() }
  for (const record of inputs.record) {
    const fqdn = recordName(record, inputs)
    const zone = await findZone(client, { fqdn, domain: inputs.domain }, inputs.zoneId)
    const group = await readGroup(client, zone, fqdn)
    if (judgeObserved(group, identity, { named: true }).kind === 'ours')
      for (const region of readOwnerMark(group.ownerRecords).out) {
        if (!inputs.bringBack?.includes(region)) out.add(region)
      }
    else
      job.log.info(`${fqdn} is no name of ${describeIdentity(identity)} yet: no region is taken out of it.`)
  }
  return out
}
