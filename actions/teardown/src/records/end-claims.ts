import { route53 } from '@meridian/aws/clients'
import {
  applyGroup,
  type EnvironmentClaim,
  isSameClaim,
  lookAndPlan,
  type Plan,
  paceRequests,
  planRemoval,
  type Replan,
  type Zone,
} from '@meridian/dns'
import { claimThing } from '../ledger.ts'
import type { Work } from '../work.ts'

const unchanged: Plan = { kind: 'nothing', rows: [] }

/** Removes claims of the environment, after all that they speak for. One that a run has renewed meanwhile stays. */
export async function endClaims(work: Work, zone: Zone, claims: readonly EnvironmentClaim[]): Promise<void> {
  const { job, ledger, identity } = work
  const client = paceRequests(job, route53(work.aws, { maxAttempts: 1 }))
  for (const claim of claims) {
    const decide: Replan = look =>
      lookAndPlan(
        client,
        zone,
        claim.fqdn,
        observed =>
          isSameClaim(observed, claim) ? planRemoval(identity, observed, { named: false }) : unchanged,
        look,
      )
    const { changed } = await applyGroup(job, client, zone, await decide(), decide)
    const thing = claimThing(claim)
    if (changed) ledger.deleted(thing)
    else {
      ledger.forget(thing)
      job.log.info(`The claim of ${claim.root} is gone, or has been renewed meanwhile.`)
    }
  }
}
