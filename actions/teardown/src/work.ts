import type { Aws } from '@meridian/aws'
import type { Claim, Identity } from '@meridian/identity'
import type { InstalledPlane, JudgedPlane } from '@meridian/karmada'
import type { Job } from '@meridian/runner'
import type { ClusterLease } from '@meridian/state'
import type { Inputs } from './inputs.ts'
import type { Ledger } from './ledger.ts'

/** What every step of the recipe works with. */
export type Work = {
  readonly inputs: Inputs
  readonly job: Job
  readonly aws: Aws
  /** Whom this run acts for, in the account of its credentials. */
  readonly identity: Identity
  /** The run's own, 12 digits. */
  readonly account: string
  readonly ledger: Ledger
  /** By full name, of the clusters whose store is there. */
  readonly leases: ReadonlyMap<string, ClusterLease>
}

/** Whose objects go with the app: those of the app that an input names, or of all apps of the environment. */
export function ownerOfApp({ identity, inputs }: Pick<Work, 'identity' | 'inputs'>): Identity {
  return { ...identity, app: inputs.app }
}

/** Whom objects are judged for: the app's owner, and what is known of the control plane that has put them there. */
export type AppOwner = { readonly identity: Identity; readonly plane: Claim<InstalledPlane> }

/** Whose app objects are to go, with whose the control plane is that they are in. */
export function ownerAndPlane(work: Work, { plane }: { readonly plane: JudgedPlane }): AppOwner {
  return { identity: ownerOfApp(work), plane: plane.claim }
}

/** The job with less time: its waits end after `milliseconds` at the latest, with a TimeoutError. */
export function limitTime(job: Job, milliseconds: number): Job {
  return { ...job, deadline: Math.min(job.deadline, Date.now() + milliseconds) }
}
