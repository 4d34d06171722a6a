import type { Claim, Identity } from '@meridian/identity'
import { describeRef, type Kube, refOf } from '@meridian/kube'
import { judgeObject } from './app-objects.ts'
import { judgeMembers } from './judge-members.ts'
import type { InstalledPlane } from './judge-plane.ts'
import { policyTypes } from './names.ts'
import { describeOwner, type Tenant } from './tenant.ts'

/**
 * What there is in a federation that is not the identity's: members, and the policies by which objects travel. What
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
  const objects = policies.flat().map(object => ({
    what: describeRef(refOf(object)),
    claim: judgeObject(object, owner, plane),
  }))
  return [...members.map(({ name, claim }) => ({ what: `member ${name}`, claim })), ...objects].flatMap(
    ({ what, claim }) => (claim.kind === 'ours' ? [] : [{ what, whose: describeOwner(claim) }]),
  )
}
