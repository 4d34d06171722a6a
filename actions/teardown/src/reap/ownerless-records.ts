import { route53 } from '@meridian/aws/clients'
import {
  applyGroup,
  judgeObserved,
  lookAndPlan,
  type ObservedGroup,
  type Plan,
  paceRequests,
  planRemoval,
  proveAbsence,
  type Replan,
  targetOf,
  type Zone,
} from '@meridian/dns'
import { rootOf } from '@meridian/identity'
import { messageOf } from '@meridian/runner'
import type { Work } from '../work.ts'
import type { Listing } from './find-claims.ts'
import { type AskState, judgeMark, type Verdict } from './judge-environment.ts'
import { type Ownerless, provableHosts, type SortedRecords, sortRecords } from './judge-records.ts'
import { settleEach } from './settle-each.ts'

export type JudgedRecords = Ownerless & { readonly verdict: Verdict }

export type FoundRecords = Omit<SortedRecords, 'ownerless'> & {
  readonly zone: Zone | undefined
  readonly judged: readonly JudgedRecords[]
}

const nothing: FoundRecords = { zone: undefined, judged: [], others: 0, notices: [] }

/** Records without a living environment, and what is to become of each. A domain without a zone has none. */
export async function findOwnerless(work: Work, listing: Listing, ask: AskState): Promise<FoundRecords> {
  const { inputs, identity, account } = work
  const { zone, groups } = listing.zone
  if (zone === undefined) return nothing
  const { domain, owners } = inputs
  const reach = { domain, owners, account, repository: identity.repository }
  const { ownerless, ...rest } = sortRecords(groups, listing, reach)
  const asked = new Map<string, Promise<string | undefined>>()
  const lives = (host: string) => {
    const answer = asked.get(host) ?? askWhether(work, host)
    asked.set(host, answer)
    return answer
  }
  const judged = await settleEach(ownerless, async one => ({ ...one, verdict: await judge(one, ask, lives) }))
  return { zone, judged, ...rest }
}

/** Why a host is not proven to be gone; undefined if it is. */
async function askWhether({ job, inputs }: Work, host: string): Promise<string | undefined> {
  const answer = await proveAbsence(job.signal, host, inputs.nameServers)
  return answer.absent ? undefined : answer.why
}

async function judge(
  { mark, targets }: Ownerless,
  ask: AskState,
  lives: (host: string) => Promise<string | undefined>,
): Promise<Verdict> {
  const verdict = judgeMark(mark, Date.now(), await ask(mark))
  const hosts = verdict.due ? undefined : provableHosts(targets)
  if (hosts === undefined) return verdict
  const answers = await Promise.all(hosts.map(lives))
  const at = answers.findIndex(why => why !== undefined)
  if (at < 0) return { due: true, reason: 'the load balancers that it leads to are gone' }
  return {
    ...verdict,
    reason: `${verdict.reason}, and ${hosts[at]} is not proven to be gone: ${answers[at]}`,
  }
}

/** Removes records that nobody wants; returns what went wrong. Those that have changed since they were judged stay. */
export async function removeOwnerless(
  work: Work,
  zone: Zone,
  due: readonly JudgedRecords[],
): Promise<string[]> {
  const { job } = work
  const client = paceRequests(job, route53(work.aws, { maxAttempts: 1 }))
  const problems: string[] = []
  for (const one of due) {
    const decide: Replan = look =>
      lookAndPlan(client, zone, one.fqdn, observed => planIfSame(one, work.account, observed), look)
    try {
      const { changed } = await applyGroup(job, client, zone, await decide(), decide)
      if (changed) work.ledger.deleted({ type: 'records', id: one.fqdn })
      job.log.info(
        changed
          ? `The records of ${one.fqdn}, of ${rootOf(one.identity)}, are removed: ${one.verdict.reason}.`
          : `The records of ${one.fqdn} have changed in the meantime, and stay for now.`,
      )
    } catch (error) {
      job.signal.throwIfAborted()
      problems.push(`${one.fqdn}: ${messageOf(error)}`)
    }
  }
  return problems
}

/** Pure. */
function planIfSame({ identity, mark, targets }: Ownerless, account: string, observed: ObservedGroup): Plan {
  const whose = { ...identity, account }
  const claim = judgeObserved(observed, whose, { named: false })
  const leads = observed.records
    .filter(({ Region }) => Region !== undefined)
    .map(targetOf)
    .sort()
    .join()
  const isSame =
    claim.kind !== 'ours' ||
    (claim.mark.expiresAt === mark.expiresAt &&
      claim.mark.pullRequest === mark.pullRequest &&
      leads === [...targets].sort().join())
  return isSame ? planRemoval(whose, observed, { named: false }) : { kind: 'nothing', rows: [] }
}
