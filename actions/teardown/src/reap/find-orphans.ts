import { isWithin } from '@meridian/dns'
import { describeIdentity, identityOfMark, isAmong, readTags } from '@meridian/identity'
import { describePrice, enabledRegions, taggedResources, totalCost } from '@meridian/inventory'
import { messageOf } from '@meridian/runner'
import { lookForRemains } from '../find-leaks.ts'
import type { Work } from '../work.ts'
import { adviseTeardown } from './advise-teardown.ts'
import { type AnyClaim, completeMark, type Doubt, type FoundClaim, rootOfMark } from './claims.ts'
import { environmentTag } from './find-places.ts'
import type { AskState } from './judge-environment.ts'
import { judgeMark } from './judge-environment.ts'
import { settleEach } from './settle-each.ts'

/** A cluster that lives, and has no claim in any store that was looked through: only its own labels tell of it. */
export type Orphan = Pick<FoundClaim, 'fullName' | 'region' | 'mark'> & { readonly hourlyCost: number }

type Known = { readonly claims: readonly AnyClaim[]; readonly doubts: readonly Doubt[] }

/** Every cluster of kops has one of them with its labels, also in a network of somebody else. */
const types = ['ec2:vpc', 'ec2:instance']

/**
 * Clusters of the wanted owners of which AWS has things and no store has a claim, by one listing of each region. They are
 * told, and not taken: their claims may lie in a store that was not named, and say there that somebody wants them for longer
 * than their labels do.
 */
export async function findOrphans(
  work: Work,
  known: Known,
): Promise<{ readonly orphans: readonly Orphan[]; readonly notices: readonly string[] }> {
  const { aws, job } = work
  const silent = new Map<string, string>()
  const skip = (what: string) => (error: unknown) => {
    job.signal.throwIfAborted()
    silent.set(what, messageOf(error))
    return []
  }
  const regions = await enabledRegions(aws).catch(skip('the account'))
  const seen = await settleEach(regions, region =>
    taggedResources(aws, region, { [environmentTag]: undefined }, types).catch(skip(region)),
  )
  const suspects = new Map<string, Omit<Orphan, 'hourlyCost'>>()
  for (const { region, tags } of seen.flat()) {
    const suspect = judgeTags(work, tags)
    if (suspect !== undefined && !isKnown(known, suspect))
      suspects.set(suspect.fullName, { ...suspect, region })
  }
  // The tagging API goes on telling of what is gone.
  const found = await settleEach([...suspects.values()], async suspect => {
    const remains = await lookForRemains(work, suspect.fullName, suspect.region).catch(skip(suspect.region))
    return remains.length === 0 ? [] : [{ ...suspect, hourlyCost: totalCost(remains) }]
  })
  const [why] = silent.values()
  const notice = `Whether clusters without a claim live in ${[...silent.keys()].join(', ')} could not be asked: ${why}`
  return { orphans: found.flat(), notices: why === undefined ? [] : [notice] }
}

/** Also what may have the claim that could not be read. */
function isKnown({ claims, doubts }: Known, { fullName, mark }: Pick<Orphan, 'fullName' | 'mark'>): boolean {
  return (
    claims.some(claim => claim.fullName === fullName) || doubts.some(({ root }) => root === rootOfMark(mark))
  )
}

/** The cluster that labels speak for, if this run may reap what is its owner's. */
function judgeTags(
  { identity, inputs, account }: Work,
  tags: Readonly<Record<string, string>>,
): Pick<Orphan, 'fullName' | 'mark'> | undefined {
  const reading = readTags(tags)
  const fullName = tags.KubernetesCluster
  if (reading.kind !== 'marked' || fullName === undefined || reading.mark.cluster !== fullName)
    return undefined
  const mark = completeMark(reading.mark, fullName)
  if (mark?.repository === undefined || !isWithin(mark.domain, inputs.domain)) return undefined
  if (!isAmong(mark.repository, identity.repository, inputs.owners)) return undefined
  return (mark.account ?? account) === account ? { fullName, mark } : undefined
}

/** Keeps what else its environment has. */
export function doubtOfOrphan(work: Work, orphan: Orphan): Doubt {
  return { root: rootOfMark(orphan.mark), text: describeOrphan(work, orphan) }
}

/** In whole sentences: what nobody wants any more by its own labels is a problem, the rest a notice. */
export async function judgeOrphans(
  work: Work,
  orphans: readonly Orphan[],
  ask: AskState,
): Promise<{ problems: string[]; notices: string[] }> {
  const judged = await settleEach(orphans, async orphan => ({
    due: judgeMark(orphan.mark, Date.now(), await ask(orphan.mark)).due,
    text: describeOrphan(work, orphan),
  }))
  const textsOf = (wanted: boolean) => judged.flatMap(({ due, text }) => (due === wanted ? [text] : []))
  return { problems: textsOf(true), notices: textsOf(false) }
}

function describeOrphan(work: Work, { fullName, region, mark, hourlyCost }: Orphan): string {
  const end = mark.expiresAt === undefined ? 'do not say until when' : `say until ${mark.expiresAt}`
  return `${fullName}, of ${describeIdentity(identityOfMark(mark) ?? work.identity)}, lives in ${region} (${describePrice(hourlyCost)}), but no store that was looked through has its claim; its labels ${end}. If its state is lost, run teardown with ${adviseTeardown(work, { fullName, region, mark })}. If that lies in another store, name the store with state-stores`
}
