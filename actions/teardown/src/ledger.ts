import type { EnvironmentClaim } from '@meridian/dns'
import { type ClusterDescriptor, formatStore, ownerRecordName, type StoreLocation } from '@meridian/identity'
import type { Job } from '@meridian/runner'

/** Something that this run removes, or has removed. */
export type Thing = {
  readonly type:
    | 'records'
    | 'record'
    | 'app'
    | 'member'
    | 'control-plane'
    | 'cluster'
    | 'state'
    | 'state-bucket'
    | 'claim'
  readonly id: string
  readonly region?: string
}

/** What was found and what became of it: the outputs, and the last words of a run that is cut short. */
export type Ledger = {
  found(thing: Thing): void
  deleted(thing: Thing): void
  /** It is not this run's any more: somebody else has removed it, or works on it. */
  forget(thing: Thing): void
  readonly remaining: readonly Thing[]
  readonly gone: readonly Thing[]
}

/** Every deletion is an output at once, so that a run that fails later has told of it. */
export function openLedger(job: Pick<Job, 'output'>): Ledger {
  const remaining = new Map<string, Thing>()
  const gone: Thing[] = []
  job.output('deleted', gone)
  return {
    found: thing => void remaining.set(keyOf(thing), thing),
    deleted(thing) {
      remaining.delete(keyOf(thing))
      gone.push(thing)
      job.output('deleted', gone)
    },
    forget: thing => void remaining.delete(keyOf(thing)),
    get remaining() {
      return [...remaining.values()]
    },
    gone,
  }
}

/** One name has a record in each region; of everything else there is one by its name. */
function keyOf({ type, id, region }: Thing): string {
  return type === 'record' ? `${type} ${id} ${region}` : `${type} ${id}`
}

/** The state of a cluster, as a thing. */
export function stateThing(store: StoreLocation, { fullName, region }: ClusterDescriptor): Thing {
  return { type: 'state', id: `${formatStore(store)}/${fullName}`, region }
}

/** The claim of an environment without a cluster of its own, as a thing. */
export function claimThing({ fqdn }: EnvironmentClaim): Thing {
  return { type: 'claim', id: ownerRecordName(fqdn) }
}

/** `cluster usa.k8s.example.com (us-east-1)`. */
export function describeThing({ type, id, region }: Thing): string {
  return `${type.replace('-', ' ')} ${id}${region ? ` (${region})` : ''}`
}
