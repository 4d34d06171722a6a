import type { Claim, Identity } from '@meridian/identity'
import { describeRef, type Kube, type KubeObject, type ObjectRef, refOf } from '@meridian/kube'
import type { InstalledPlane } from '../control-plane/installed-plane.ts'
import { judgeMembers } from '../members/judge-members.ts'
import { policyTypes } from '../names.ts'
import { judgeObject } from './app-objects.ts'
import { describeOwner, type Tenant } from './tenant.ts'

/**
 * What there is in a federation that is not the identity's: members, and the objects that policies carry to them. What
 * bears no mark is somebody's too.
 */
export async function listTenants(
  federation: Pick<Kube, 'list'>,
  identity: Identity,
  plane?: Claim<InstalledPlane>,
): Promise<Tenant[]> {
  const owner = { ...identity, app: undefined }
  const [members, ...policies] = await Promise.all([
    judgeMembers(federation, owner, plane),
    ...policyTypes.map(type => federation.list(type)),
  ])
  const objects = policies.flat().flatMap(object => {
    const claim = judgeObject(object, owner, plane)
    return carriedBy(object).map(what => ({ what, claim }))
  })
  const tenants = [
    ...members.map(({ name, claim }) => ({ what: `member ${name}`, claim })),
    ...objects,
  ].flatMap(({ what, claim }) => (claim.kind === 'ours' ? [] : [{ what, whose: describeOwner(claim) }]))
  // An object may be carried and overridden, by two policies.
  return [...new Map(tenants.map(tenant => [`${tenant.what} ${tenant.whose}`, tenant])).values()]
}

/** The objects that a policy names, as `Deployment shop/web`; the policy itself where it chooses by labels. */
function carriedBy(policy: KubeObject): string[] {
  const { resourceSelectors = [] } = (policy.spec ?? {}) as { resourceSelectors?: Partial<ObjectRef>[] }
  const named = resourceSelectors.flatMap(({ apiVersion = '', kind, name, namespace }) => {
    const place = namespace ?? policy.metadata.namespace
    return kind && name ? [describeRef({ apiVersion, kind, name, ...(place && { namespace: place }) })] : []
  })
  return named.length > 0 ? named : [describeRef(refOf(policy))]
}
