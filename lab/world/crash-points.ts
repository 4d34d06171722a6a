import type { Faults } from './active-faults.ts'

/** Where the stand-in for kops can be killed, in the order in which a creation, a roll, then a deletion passes them. */
export const crashPoints = [
  'start',
  'config',
  'instance-group',
  'vpc',
  'autoscaling-group',
  'end',
  'reconcile-control-plane',
  'roll-detach',
  'roll-drain',
  'roll-terminate',
  'reconcile-nodes',
  'delete-start',
  'delete-resource',
  'delete-cloud',
  'delete-state',
] as const

export type CrashPoint = (typeof crashPoints)[number]
export type Fate = 'live' | 'kill-kops' | 'kill-job'

/** What happens to a kops that passes a point; it dies there only once for each cluster, or nothing would converge. */
export function decideFate(faults: Faults, point: string, cluster: string): Fate {
  const fates = ['kill-job', 'kill-kops'] as const
  const due = fates.find(name => faults.details(name).includes(point))
  return due && faults.strike(due, `${point} ${cluster}`, 1) ? due : 'live'
}
