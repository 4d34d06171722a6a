import type { Joined, JudgedMember } from '@meridian/karmada'
import type { Step } from './control-plane/read-control-plane.ts'
import type { Inputs } from './inputs.ts'

/** What a run does, told before it is done. */
export type Plan = {
  controlPlane: Step
  /** Whether the load balancer of the API is to be made or changed. */
  expose: boolean
  /** Whether what version 0.1 has made, or nobody has marked, gets its mark. */
  claim: boolean
  join: string[]
  /** Members whose join differs from what it should be. */
  mend: string[]
  /** Members that are as they should be, as far as was looked. */
  keep: string[]
  unjoin: string[]
  /** Members that stay though they are not listed. */
  unlisted: string[]
}

/**
 * `joined` are the members as the control plane has them, of which only those of one's own are unjoined; `undefined` where it cannot be asked yet. `found` tells
 * of those that are listed what was found of their join; it is left out where the joins themselves will find it.
 */
export function planFederation(
  given: Pick<Inputs, 'prune'> & {
    clusters: readonly { name: string }[]
    step: Step
    expose: boolean
    claim: boolean
    joined: readonly JudgedMember[] | undefined
    found?: ReadonlyMap<string, Joined['outcome']>
  },
): Plan {
  const { prune, found = new Map<string, Joined['outcome']>() } = given
  const joined = given.joined ?? []
  const wanted = given.clusters.map(({ name }) => name)
  const present = joined.map(({ name }) => name)
  const isDifferent = (name: string) => ['repaired', 'rebuilt'].includes(found.get(name) ?? '')
  const members = wanted.filter(name => present.includes(name))
  const extra = joined.filter(({ name }) => !wanted.includes(name))
  // A member with an agent of its own is unregistered on its own side.
  const leaving = extra.filter(
    ({ cluster, claim }) => prune && cluster.spec.syncMode === 'Push' && claim.kind === 'ours',
  )
  const names = (members: readonly JudgedMember[]) => members.map(({ name }) => name)
  return {
    controlPlane: given.step,
    expose: given.expose,
    claim: given.claim,
    join: wanted.filter(name => !present.includes(name)),
    mend: members.filter(isDifferent),
    keep: members.filter(name => !isDifferent(name)),
    unjoin: names(leaving),
    unlisted: names(extra.filter(member => !leaving.includes(member))),
  }
}

/** Whether a run would write nothing. */
export function isEmptyPlan({ controlPlane, expose, claim, join, mend, unjoin }: Plan): boolean {
  return controlPlane === 'use' && !expose && !claim && [...join, ...mend, ...unjoin].length === 0
}
