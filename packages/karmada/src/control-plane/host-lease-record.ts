import { formatInstant } from '@meridian/identity'
import type { KubeObject } from '@meridian/kube'
import { describeHolder, isEarlierAttempt, type LeaseHolder } from '@meridian/runner'

/** A Lease of Kubernetes, with the run of its holder beside it. */
export type LeaseObject = KubeObject & {
  spec?: {
    /** '' when it was given back. */
    holderIdentity?: string
    leaseDurationSeconds?: number
    acquireTime?: string
    renewTime?: string
    leaseTransitions?: number
  }
}

export const leasePlace = { namespace: 'kube-system', name: 'meridian-federation' } as const
const annotations = { run: 'meridian.dev/run', attempt: 'meridian.dev/attempt' } as const
const fallbackSeconds = 120

/** The Lease as its holder writes it. `now` is the server's time; `over` what is there, whose version it replaces. */
export function leaseOf(
  holder: LeaseHolder,
  { now, milliseconds, over }: { now: number; milliseconds: number; over: LeaseObject | undefined },
): LeaseObject {
  const name = holderName(holder)
  const same = over?.spec?.holderIdentity === name
  const { resourceVersion } = over?.metadata ?? {}
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      ...leasePlace,
      ...(resourceVersion !== undefined && { resourceVersion }),
      annotations: { [annotations.run]: holder.run, [annotations.attempt]: String(holder.attempt) },
    },
    spec: {
      holderIdentity: name,
      leaseDurationSeconds: Math.ceil(milliseconds / 1000),
      acquireTime: same ? (over?.spec?.acquireTime ?? microTime(now)) : microTime(now),
      renewTime: microTime(now),
      leaseTransitions: (over?.spec?.leaseTransitions ?? -1) + (same ? 0 : 1),
    },
  }
}

/** The Lease as it is given back. */
export function released(lease: LeaseObject): LeaseObject {
  return { ...lease, spec: { ...lease.spec, holderIdentity: '' } }
}

/** `federate a1b2…`: an acquisition, told from all others. */
export function holderName({ action, token }: LeaseHolder): string {
  return `${action} ${token}`
}

/** Whether a lease may be taken over: it was given back, it has expired by the server's clock, or its holder is dead. */
export function isFreeLease(lease: LeaseObject, now: number, by: LeaseHolder): boolean {
  const { holderIdentity = '' } = lease.spec ?? {}
  if (holderIdentity === '' || now > endOf(lease, now)) return true
  return isEarlierAttempt(runOf(lease), by)
}

function runOf({ metadata }: LeaseObject): { run: string; attempt: number } {
  const { [annotations.run]: run = '', [annotations.attempt]: attempt = '1' } = metadata.annotations ?? {}
  return { run, attempt: Number(attempt) }
}

/** Who does not say since when counts from now, so that it ends like any other. */
function endOf({ spec = {} }: LeaseObject, now: number): number {
  const renewed = Date.parse(spec.renewTime ?? '')
  const seconds = spec.leaseDurationSeconds ?? fallbackSeconds
  return (Number.isFinite(renewed) ? renewed : now) + seconds * 1000
}

/** `federate of https://… since 2026-11-26T02:00:00Z, until 2026-11-26T02:07:00Z unless renewed`. */
export function describeLeaseHolder(lease: LeaseObject, now: number): string {
  const { holderIdentity = '', acquireTime } = lease.spec ?? {}
  const action = holderIdentity.split(' ')[0] || 'somebody'
  const since = acquireTime === undefined ? '' : formatInstant(new Date(acquireTime))
  const until = formatInstant(new Date(endOf(lease, now)))
  return describeHolder({ action, ...runOf(lease) }, { since, until })
}

/** As Kubernetes writes the times of leases: RFC 3339 with microseconds. */
function microTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '000Z')
}
