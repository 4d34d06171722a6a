import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import {
  type Claim,
  describeIdentity,
  type Identity,
  isSameRepository,
  judgeClaim,
  type Mark,
  ownerOf,
  ownerRecordName,
  type Reading,
  repositoryOf,
} from '@meridian/identity'
import type { Refusal } from '../plan/plan.ts'
import { describeRecordSet, isLatencyRecord, membersAtRisk } from '../records/latency-record.ts'
import type { ObservedGroup } from '../zone/read-group.ts'
import type { ZoneGroup } from '../zone/read-groups.ts'
import { withDerivedDomain } from './derive-domain.ts'
import { nameOfMark, readAlienMark } from './other-tools-marks.ts'
import { isAsMarked, readOwnerMark } from './owner-mark.ts'

/** Was a name given by the run, or found by reading its zone? */
export type Naming = {
  /** Then the domain of a mark of version 0.1, which knew none, is not compared. */
  readonly named: boolean
}

/** Whose a group of a zone is. Pure. */
export function judgeGroup(group: ZoneGroup, identity: Identity, { named }: Naming): Claim<ZoneGroup> {
  return judgeClaim(group, named ? group.written : group.reading, identity)
}

/** Whose an observed name is. Pure. */
export function judgeObserved(
  observed: ObservedGroup,
  identity: Identity,
  { named }: Naming,
): Claim<ObservedGroup> {
  const written = readObserved(observed)
  return judgeClaim(observed, named ? written : withDerivedDomain(observed.fqdn, written), identity)
}

/** What the marks of an observed name say: those of other tools come before ours. */
function readObserved(observed: ObservedGroup): Reading {
  const beside = observed.records
    .map(readAlienMark)
    .find(mark => mark && nameOfMark(mark, new Set([observed.fqdn])))
  return observed.alien ?? beside?.reading ?? readOwnerMark(observed.ownerRecords).reading
}

/** The latency records of the name that are or could be ours: of the types that we write. */
export function latencyGroupOf(observed: ObservedGroup): ResourceRecordSet[] {
  return observed.records.filter(isLatencyRecord)
}

/**
 * May somebody else have a part in the records of a name, although its owner mark does not say so? Not while they are
 * what this release wrote with the mark: it never takes over what another tool looks after, as version 0.1 did.
 */
export function isDoubtful(observed: ObservedGroup): boolean {
  const present = latencyGroupOf(observed)
  const mark = readOwnerMark(observed.ownerRecords)
  const settled = mark.reading.kind === 'marked' && mark.reading.mark.schema >= 2
  return present.length > 0 && !(settled && isAsMarked(mark, present) === true)
}

/** Why records that say more than this release can keep are left as they are; undefined where none does. Pure. */
export function refuseAtRisk(fqdn: string, sets: readonly ResourceRecordSet[]): Refusal | undefined {
  const found = sets.flatMap(set => {
    const members = membersAtRisk(set)
    return members.length === 0 ? [] : [`${members.join(' and ')} of ${describeRecordSet(set)}`]
  })
  if (found.length === 0) return undefined
  return {
    reason: 'not-kept',
    message: `records of ${fqdn} have members that this release cannot keep, and that would be lost: ${found.join('; ')}`,
    fix: 'Take these members off the records, or delete the records, with the tool that has set them; or use a newer release, which may know them.',
  }
}

/** Why what belongs to others, or cannot be told whose it is, is left alone; undefined for what is neither. Pure. */
export function refuseClaim(
  { fqdn, alien }: ObservedGroup,
  claim: Claim<ObservedGroup>,
  identity: Identity,
): Refusal | undefined {
  const name = ownerRecordName(fqdn)
  if (claim.kind === 'unreadable') {
    return {
      reason: 'unreadable-owner',
      message: `whose ${fqdn} is cannot be told: ${claim.why}`,
      fix: `Delete ${name} if nobody needs it, or use another record name.`,
    }
  }
  if (claim.kind !== 'foreign') return undefined
  const { mark, whose } = claim
  if (alien !== undefined || mark === undefined) {
    return {
      reason: 'foreign-owner',
      message: `${fqdn} belongs to ${whose}, as its marks in the zone say`,
      fix: `Use another record name, or have ${whose} give the name up: it is never taken over.`,
    }
  }
  return {
    reason: 'foreign-owner',
    message: `${fqdn} belongs to ${whose}, as its owner mark ${name} says; this run acts for ${describeIdentity(identity)}`,
    fix: `Use another record name or environment.${adviseInputs(mark, identity)}`,
  }
}

/** Which inputs make a mark the run's own; nothing where no inputs can. */
function adviseInputs(mark: Mark, identity: Identity): string {
  const { id, name } = identity.repository
  const owner = mark.owner === ownerOf(identity) ? identity.owner : mark.owner
  const repository = repositoryOf({ repository: name, repositoryId: id }, mark.repository?.name || undefined)
  const reading: Reading = { kind: 'marked', mark }
  if (judgeClaim(mark, reading, { ...identity, owner, repository }).kind !== 'ours') return ''
  const inputs = [
    ...(owner === identity.owner ? [] : [`owner: ${owner}`]),
    ...(isSameRepository(repository, identity.repository) ? [] : [`repository: ${repository.name}`]),
  ]
  return ` If it is yours to change all the same, give ${inputs.join(' and ')}.`
}
