import type { Job } from '@meridian/runner'

/** Something that this run removes, or has removed. */
export type Thing = {
  readonly type: 'records' | 'app' | 'member' | 'control-plane' | 'cluster' | 'state-bucket'
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
  const key = ({ type, id }: Thing) => `${type} ${id}`
  job.output('deleted', gone)
  return {
    found: thing => void remaining.set(key(thing), thing),
    deleted(thing) {
      remaining.delete(key(thing))
      gone.push(thing)
      job.output('deleted', gone)
    },
    forget: thing => void remaining.delete(key(thing)),
    get remaining() {
      return [...remaining.values()]
    },
    gone,
  }
}

/** `cluster usa.k8s.example.com (us-east-1)`. */
export function describeThing({ type, id, region }: Thing): string {
  return `${type.replace('-', ' ')} ${id}${region ? ` (${region})` : ''}`
}
