import { isUnknownKind, type Kube, KubeError, type KubeObject } from '@meridian/kube'
import { policyVersion, systemNamespace } from '../names.ts'
import type { WorkloadObject } from './detect-control-plane.ts'

/** What decides whether Karmada moves replicas away from a member that does not answer. */
export type FailoverSigns = {
  /** Command and arguments of its controller manager; undefined where that cannot be seen. */
  readonly flags: readonly string[] | undefined
  /** Whether a policy puts a taint that evicts on members that are not ready. */
  readonly evicts: boolean
}

type TaintPolicy = KubeObject & { spec?: { taints?: { effect?: string }[] } }

const off =
  'a region that is lost keeps its replicas, and whoever is led there waits, until it is taken out (take-region-out.yml)'

/**
 * One sentence on Karmada's failover. Without a gate, a flag and a ClusterTaintPolicy of one's own a dead member only gets a
 * NoSchedule taint (karmada.io/docs/userguide/failover; pkg/features/features.go of 1.18: Failover is off). Pure.
 */
export function describeFailover({ flags, evicts }: FailoverSigns): string {
  const has = (name: string, value: RegExp) =>
    flags?.some(flag => flag.startsWith(`--${name}=`) && value.test(flag.slice(name.length + 3))) ?? true
  const lacking = [
    ...(has('feature-gates', /(^|,)Failover=true(,|$)/) ? [] : ['the feature gate Failover']),
    ...(has('enable-no-execute-taint-eviction', /^true$/) ? [] : ['--enable-no-execute-taint-eviction']),
    ...(evicts ? [] : ['a ClusterTaintPolicy with a NoExecute taint']),
  ]
  if (lacking.length > 0) return `Karmada's failover is off (it lacks ${lacking.join(', ')}): ${off}.`
  if (flags === undefined)
    return "Karmada's failover is prepared by a ClusterTaintPolicy; whether its controllers heed it cannot be seen from here."
  return "Karmada's failover is on: replicas of a region that is lost are moved to the others by itself, and stay there."
}

/** The sentence of a federation, of whose host only what is at hand is read; it says so where it may not be read. */
export async function tellFailover(
  federation: Pick<Kube, 'list'>,
  host?: Pick<Kube, 'get'>,
): Promise<string> {
  try {
    return describeFailover(await readFailover(federation, host))
  } catch (error) {
    if (!(error instanceof KubeError)) throw error
    return `Whether Karmada's failover is on could not be read: ${error.message}`
  }
}

async function readFailover(
  federation: Pick<Kube, 'list'>,
  host?: Pick<Kube, 'get'>,
): Promise<FailoverSigns> {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: systemNamespace }
  const manager = await host?.get<WorkloadObject>({ ...ref, name: 'karmada-controller-manager' })
  const flags = manager?.spec?.template?.spec?.containers?.flatMap(({ command = [], args = [] }) => [
    ...command,
    ...args,
  ])
  return { flags, evicts: await hasEvictingPolicy(federation) }
}

async function hasEvictingPolicy(federation: Pick<Kube, 'list'>): Promise<boolean> {
  const type = { apiVersion: policyVersion, kind: 'ClusterTaintPolicy' }
  try {
    const policies = await federation.list<TaintPolicy>(type)
    return policies.some(({ spec }) => spec?.taints?.some(({ effect }) => effect === 'NoExecute'))
  } catch (error) {
    // A Karmada that is older than the kind.
    if (isUnknownKind(error)) return false
    throw error
  }
}
