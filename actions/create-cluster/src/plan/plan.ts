import type { Difference, DueGroup, MachineEdit, Pending, Resize } from '@meridian/kops'

/** An instance group whose machines are replaced, one after the other. */
export type Replacement = DueGroup & {
  readonly role: string
  /** About how long it takes. */
  readonly minutes: number
}

/** What kops saves, and then replaces machines for. */
export type Upgrade = {
  readonly version: string | undefined
  readonly edits: readonly MachineEdit[]
  /** Control planes first, as kops goes. */
  readonly replaces: readonly Replacement[]
}

/** Why nothing is done, and what to do about it; `input` is the one at fault. */
export type Refusal = {
  readonly kind: 'refuse'
  readonly reason: string
  readonly fix: string
  readonly input?: string
}

/** What becomes of a cluster. */
export type Plan =
  | { readonly kind: 'create'; readonly makeBucket: boolean }
  /** Its spec was saved, perhaps in part, and nothing was built of it: it is saved whole, and built. */
  | { readonly kind: 'replace' }
  | {
      readonly kind: 'update'
      /** A run of ours was cut short: kops is to go on, whatever else there is to do. */
      readonly unfinished: boolean
      readonly differences: readonly Difference[]
      readonly resizes: readonly Resize[]
      /** CIDRs to be set; undefined leaves them. */
      readonly apiAccess: readonly string[] | undefined
      /** Edits that others have saved and not applied, which go with it. */
      readonly pending: Pending
      /** Where machines are to be replaced. */
      readonly upgrade?: Upgrade
    }
  /** Nobody's: used, and not changed; with `adopt`, claimed. */
  | { readonly kind: 'use'; readonly adopt: boolean; readonly differences: readonly Difference[] }
  | Refusal

export type Update = Extract<Plan, { kind: 'update' }>

export const untouched = 'Nothing has been changed.'

/** Whether a cluster is built from a spec of this run. */
export const isNew = ({ kind }: Plan) => kind === 'create' || kind === 'replace'
