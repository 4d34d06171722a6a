import { type Difference, describeDifference } from '@meridian/kops'
import type { Log } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import type { Plan, Update } from './plan.ts'
import { isDue } from './plan-update.ts'
import { describeUpgrade, minutesOf } from './plan-upgrade.ts'

/** What becomes of a cluster, to complete "Cluster usa.k8s.example.com …". Pure. */
export function describePlan(plan: Plan): string {
  switch (plan.kind) {
    case 'create':
      return 'would be created'
    case 'replace':
      return 'is ours and was saved, perhaps in part, but nothing of it was built: it would be saved whole, and built'
    case 'refuse':
      return `would be refused: ${plan.reason}`
    case 'use':
      return describeUse(plan.adopt, plan.differences)
    case 'update':
      return describeUpdate(plan)
  }
}

function describeUse(adopt: boolean, differences: readonly Difference[]): string {
  const stays = differences.map(difference => `; ${describeDifference(difference)} (would stay)`)
  return adopt
    ? `is there, and nobody has claimed it: it would be claimed, and not changed otherwise${stays.join('')}`
    : `is there, and nobody has claimed it: it would be used as it is, and not changed${stays.join('')}`
}

function describeUpdate(plan: Update): string {
  const changes = plan.differences.map(
    difference =>
      `; ${describeDifference(difference)}${isChanged(difference) ? ' (would be changed)' : ' (would stay)'}`,
  )
  const pending =
    plan.pending.length > 0 ? `; others have saved: ${plan.pending.join('; ')} (would be applied)` : ''
  const start = plan.unfinished
    ? 'is ours, and a run that worked on it did not end: it would be finished'
    : `is ours and there: it would be ${isDue(plan) ? 'brought up to date' : 'left as it is'}`
  const machines = plan.upgrade?.replaces.length ? `; ${tellMachines(plan.upgrade)}` : ''
  return `${start}, and validated${changes.join('')}${pending}${machines}`
}

const isChanged = ({ remedy }: Difference) => remedy === 'apply' || remedy === 'roll'

function tellMachines(upgrade: NonNullable<Update['upgrade']>): string {
  return `machines would be replaced one by one, in about ${minutesOf(upgrade)}m: ${describeUpgrade(upgrade)}`
}

/** Says before the first write what a run is about to do to a cluster that is there. */
export function sayPlan(plan: Plan, { cluster }: Inputs, log: Log): void {
  const { fullName } = cluster
  if (plan.kind === 'replace')
    log.info(
      `An earlier run saved ${fullName}, perhaps in part, and built nothing of it: it is saved whole now.`,
    )
  if (plan.kind === 'use') {
    const what = plan.adopt
      ? 'It is claimed for this environment now, and not changed otherwise.'
      : 'It is used as it is, and not changed. To claim it for this environment, set adopt to true.'
    log.info(`${fullName} is there, and nobody has claimed it. ${what}`)
    for (const difference of plan.differences)
      log.warning(`${describeDifference(difference)}. It stays as it is.`)
  }
  if (plan.kind !== 'update') return
  if (plan.unfinished) log.info(`An earlier run worked on ${fullName} and did not end: it is finished now.`)
  for (const difference of plan.differences) {
    const words = `${describeDifference(difference)}.`
    if (isChanged(difference)) log.info(`${words} It is changed now.`)
    else log.warning(`${words} ${difference.advice}`)
  }
  for (const change of plan.pending)
    log.info(`Others have saved and not applied: ${change}. It is applied now.`)
  if (!plan.upgrade && plan.pending.some(change => change.includes('LaunchTemplate/')))
    log.warning(
      'Machines that run keep what they were started with until they are replaced: upgrade: true does that.',
    )
  if (plan.upgrade?.replaces.length)
    log.info(
      `Machines are replaced one by one, in about ${minutesOf(plan.upgrade)}m: ${describeUpgrade(plan.upgrade)}.`,
    )
}
