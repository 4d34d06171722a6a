import type { ClusterDescriptor } from '@meridian/identity'
import type { AppObjects, JudgedMember, JudgedPlane, Tenant } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'

/** What there is of a federation, as its host and its own API say. */
export type ObservedFederation = {
  readonly name: string
  readonly host: ClusterDescriptor
  readonly plane: JudgedPlane
  /** Its own API, if it answers. */
  readonly api: Kube | undefined
  /** Why it does not. */
  readonly silence: string | undefined
  readonly members: readonly JudgedMember[]
  /** What others have in it; where it does not answer, as far as the named clusters show. */
  readonly tenants: readonly Tenant[]
  /** Of that, what runs in members that leave. */
  readonly guests: readonly Tenant[]
  /** Names of others that lead to such members. */
  readonly led: readonly string[]
  readonly app: AppObjects
}
