import type { Cluster, ControlPlane } from '@meridian/karmada'

/** What a run does, told before it is done. */
export type Plan = {
  controlPlane: 'install' | 'repair' | 'use'
  join: string[]
  /** Members already, whose join is read again and mended where it differs. */
  check: string[]
  unjoin: string[]
  /** Members that stay though they are not listed. */
  unlisted: string[]
}

/** `joined` are the members as the control plane has them; `undefined` where it cannot be asked yet. */
export function planFederation(given: {
  controlPlane: Extract<ControlPlane['state'], 'absent' | 'partial' | 'whole'>
  joined: readonly Cluster[] | undefined
  wanted: readonly string[]
  prune: boolean
}): Plan {
  const { wanted, prune } = given
  const present = (given.joined ?? []).map(cluster => cluster.metadata.name)
  const extra = present.filter(name => !wanted.includes(name))
  const step = { absent: 'install', partial: 'repair', whole: 'use' } as const
  return {
    controlPlane: step[given.controlPlane],
    join: wanted.filter(name => !present.includes(name)),
    check: wanted.filter(name => present.includes(name)),
    unjoin: prune ? extra : [],
    unlisted: prune ? [] : extra,
  }
}

export function isEmptyPlan(plan: Plan): boolean {
  return plan.controlPlane === 'use' && plan.join.length === 0 && plan.unjoin.length === 0
}
