import {
  type ClusterDescriptor,
  describeGiven,
  type Identity,
  isSameRepository,
  type Mark,
  ownerRecordName,
  type Reading,
  readFederation,
  rootOf,
} from '@meridian/identity'
import { typedInputs } from '@meridian/runner'
import { type Plan, type PlanRow, planAdditions, planChanges, refuse } from '../plan/plan.ts'
import { parentOf } from '../zone/name.ts'
import type { ObservedGroup } from '../zone/read-group.ts'
import type { ZoneGroup } from '../zone/read-groups.ts'
import { judgeObserved, refuseClaim } from './judge-group.ts'
import { ownerRecordSet, readOwnerMark } from './owner-mark.ts'

const prefix = '_claim-'
const longestKey = 40

/** The claim of an environment without a cluster of its own, as it stands in a zone. */
export type EnvironmentClaim = {
  /** The name that its TXT is the owner mark of; nothing else stands there. */
  readonly fqdn: string
  /** Name of the environment. */
  readonly root: string
  readonly reading: Reading
}

/**
 * The name of an environment's claim. It is not the environment's own, where the owner mark of a record `@` stands; and
 * each repository has one, since two may call their environments alike.
 */
export function claimName(identity: Identity): string {
  const { id, name } = identity.repository
  const key = (id || name).toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return `${prefix}${key.slice(0, longestKey)}.${rootOf(identity)}`
}

/** The claims among the names of a zone, and the other names. */
export function readClaims(groups: readonly ZoneGroup[]): {
  claims: readonly EnvironmentClaim[]
  rest: readonly ZoneGroup[]
} {
  const isClaim = ({ fqdn, records }: ZoneGroup) => fqdn.startsWith(prefix) && records.length === 0
  const claims = groups
    .filter(isClaim)
    .map(({ fqdn, written }) => ({ fqdn, root: parentOf(fqdn), reading: written }))
  return { claims, rest: groups.filter(group => !isClaim(group)) }
}

/**
 * Decides how a claim comes to say `wanted`, whose expiry is `lifetime` milliseconds from `now` where it has one. Pure.
 * An end is never brought forward, and put off when less than half of the lifetime is left, so that most runs write
 * nothing. Another's claim is refused, and so is a second host: the app in the first would be lost from sight.
 */
export function planClaim(
  identity: Identity,
  observed: ObservedGroup,
  wanted: Mark,
  life?: { readonly lifetime: number; readonly now: Date },
): Plan {
  const claim = judgeObserved(observed, identity, { named: true })
  const refusal = refuseClaim(observed, claim, identity)
  if (refusal !== undefined) return refuse([], refusal)
  const subject = ownerRecordName(observed.fqdn)
  const row = { record: 'owner' as const, subject }
  if (claim.kind !== 'ours')
    return planAdditions([{ ...row, action: 'create', after: ownerRecordSet(subject, wanted, []) }])
  const { mark } = claim
  const [before, host] = [hostOf(mark, identity), hostOf(wanted, identity)]
  if (before !== undefined && before.fullName !== host?.fullName) return refuseHost(identity, before)
  const after = ownerRecordSet(subject, renew(mark, wanted), [])
  const rows = claim.owned.ownerRecords.map((before): PlanRow => {
    return isDue(mark, wanted, life)
      ? { ...row, action: 'replace', before, after }
      : { ...row, action: 'keep', before, after: before }
  })
  return planChanges(claim.owned, rows)
}

/** A cluster as the input `host` of teardown takes it. */
export function hostInput(host: ClusterDescriptor): string {
  const fields = Object.entries(describeGiven(host)).map(([key, value]) => {
    const plain = /^[\w.-]+$/.test(String(value))
    return `${key}: ${plain ? value : `'${value}'`}`
  })
  return `{${fields.join(', ')}}`
}

function refuseHost(identity: Identity, host: ClusterDescriptor): Plan {
  const { domain, environment } = identity
  const inputs = typedInputs({ domain, environment, scope: 'dns,app', host: hostInput(host) })
  return refuse([], {
    reason: 'in-the-way',
    message: `the app of ${rootOf(identity)} is claimed in the federation of ${host.fullName}`,
    fix: `An environment has its app in one federation. Take it out of that one first, by teardown with ${inputs}; or use another environment.`,
  })
}

/** What the claim that is there says beyond the wanted one is kept. */
function renew(before: Mark, wanted: Mark): Mark {
  const { createdAt, expiresAt, pullRequest, repository } = before
  const isLater = expiresAt !== undefined && !(Date.parse(expiresAt) <= Date.parse(wanted.expiresAt ?? ''))
  const until = isLater ? expiresAt : wanted.expiresAt
  return {
    ...wanted,
    ...(wanted.repository?.id === '' && repository && isSameRepository(repository, wanted.repository)
      ? { repository }
      : {}),
    ...(createdAt && { createdAt }),
    ...(until && { expiresAt: until }),
    ...(pullRequest && wanted.pullRequest === undefined && { pullRequest }),
  }
}

function isDue(before: Mark, wanted: Mark, life?: { lifetime: number; now: Date }): boolean {
  if (before.federation !== wanted.federation) return true
  if (wanted.pullRequest !== undefined && before.pullRequest !== wanted.pullRequest) return true
  if (life === undefined) return false
  const left = Date.parse(before.expiresAt ?? '') - life.now.getTime()
  return !(left >= life.lifetime / 2)
}

function hostOf(mark: Mark, identity: Identity): ClusterDescriptor | undefined {
  return mark.federation === undefined ? undefined : readFederation(mark, identity)[0]
}

/** Whether nobody has changed a claim since it was read. Pure. */
export function isSameClaim({ ownerRecords }: ObservedGroup, { reading }: EnvironmentClaim): boolean {
  return JSON.stringify(readOwnerMark(ownerRecords).reading) === JSON.stringify(reading)
}
