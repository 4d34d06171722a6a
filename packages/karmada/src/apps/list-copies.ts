import type { Claim, Identity } from '@meridian/identity'
import { describeRef, type Kube, type KubeObject, refOf } from '@meridian/kube'
import type { InstalledPlane } from '../control-plane/installed-plane.ts'
import { judgeObject, listKinds, usualTemplates } from './app-objects.ts'
import { describeOwner, type Tenant } from './tenant.ts'

/** Karmada's own, on everything that it has put into a member. */
const copies = { 'karmada.io/managed': 'true' }
/** What may travel with somebody's workload and bear no mark of its own: ConfigMaps, Secrets and the like. */
const isBaggage = ({ apiVersion, kind }: KubeObject) => apiVersion === 'v1' && kind !== 'Service'

/**
 * What a federation has put into a member and is not the identity's, as `Deployment shop/web in eur`: what is left to ask
 * where the federation itself does not answer.
 */
export async function listCopies(
  member: Pick<Kube, 'context' | 'list'>,
  identity: Identity,
  plane?: Claim<InstalledPlane>,
): Promise<Tenant[]> {
  const owner = { ...identity, app: undefined }
  return (await listKinds(member, usualTemplates, copies)).flatMap(object => {
    const claim = judgeObject(object, owner, plane)
    if (claim.kind === 'ours' || (claim.kind === 'unclaimed' && isBaggage(object))) return []
    return [{ what: `${describeRef(refOf(object))} in ${member.context}`, whose: describeOwner(claim) }]
  })
}
