import { type ClusterDescriptor, describeIdentity, rootOf } from '@meridian/identity'
import { describePrice } from '@meridian/inventory'
import { formatDuration } from '@meridian/runner'
import { isTenant } from './claims.ts'
import type { Environment } from './environments.ts'
import { bornAt, type Verdict } from './judge-environment.ts'

/** An environment, what is to become of it, and what it costs as long as it lives. */
export type Candidate = {
  readonly environment: Environment
  readonly verdict: Verdict
  /** USD; null if it could not be read. */
  readonly hourlyCost: number | null
}

/** `pr-42.k8s.example.com of acme/shop (usa, eur; 3h old; $0.2100 per hour) goes: it expired 1h ago`. Pure. */
export function describeCandidate(candidate: Candidate, now = Date.now()): string {
  const { environment, verdict, hourlyCost } = candidate
  const facts = `${describePlaces(environment, ({ name }) => name)}; ${describeAge(environment, now)} old; ${describePrice(hourlyCost)}`
  return `${describeIdentity(environment.identity)} (${facts}) ${verdict.due ? 'goes' : 'stays'}: ${verdict.reason}`
}

/** Its clusters, or where its app is if it has none. Pure. */
export function describePlaces(
  { clusters, claims }: Environment,
  describe: (cluster: ClusterDescriptor) => string,
): string {
  const hosts = claims
    .filter(isTenant)
    .map(({ mark: { federation } }) => federation?.split('|')[2] ?? 'a cluster that its claim does not name')
    .map(host => `app in the federation of ${host}`)
  return [...clusters.map(describe), ...hosts].join(', ')
}

/** In words, by the claim of its first cluster. */
export function describeAge(environment: Environment, now: number): string {
  const birth = bornAt(environment)
  return birth === undefined ? 'unknown' : formatDuration(Math.max(0, now - birth))
}

/** How an environment is called where its owner goes without saying. */
export function nameOf({ environment }: Candidate): string {
  return rootOf(environment.identity)
}
