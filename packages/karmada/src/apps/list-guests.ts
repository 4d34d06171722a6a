import type { Claim, Identity } from '@meridian/identity'
import { describeRef, type Kube, type KubeObject } from '@meridian/kube'
import type { InstalledPlane } from '../control-plane/installed-plane.ts'
import { policyVersion } from '../names.ts'
import type { Binding } from '../status/binding.ts'
import { judgeObject } from './app-objects.ts'
import { listAllBindings } from './list-bindings.ts'
import { describeOwner, type Tenant } from './tenant.ts'

const kinds = ['PropagationPolicy', 'ClusterPropagationPolicy'] as const

/**
 * What a federation runs in some members and is not the identity's, as `Deployment shop/web in eur`: it leaves with them.
 * Whose it is says the policy that has sent it there.
 */
export async function listGuests(
  federation: Pick<Kube, 'list'>,
  members: readonly string[],
  identity: Identity,
  plane?: Claim<InstalledPlane>,
): Promise<Tenant[]> {
  if (members.length === 0) return []
  const [bindings, ...policies] = await Promise.all([
    listAllBindings(federation),
    ...kinds.map(kind => federation.list({ apiVersion: policyVersion, kind })),
  ])
  return guestsOf(bindings, policies.flat(), members, object =>
    judgeObject(object, { ...identity, app: undefined }, plane),
  )
}

/** Pure part of `listGuests`; exported for its test. What travels only with something else is not named. */
export function guestsOf(
  bindings: readonly Binding[],
  policies: readonly KubeObject[],
  members: readonly string[],
  judge: (policy: KubeObject) => Claim<unknown>,
): Tenant[] {
  const claims = new Map(policies.map(policy => [keyOf(policy.kind, policy.metadata), judge(policy)]))
  return bindings.flatMap(({ metadata, spec: { resource, clusters = [] } }) => {
    const key = policyOf(metadata)
    const claim = claims.get(key ?? '') ?? { kind: 'unclaimed' as const }
    if (resource === undefined || key === undefined || claim.kind === 'ours') return []
    return clusters
      .filter(({ name }) => members.includes(name))
      .map(({ name }) => ({ what: `${describeRef(resource)} in ${name}`, whose: describeOwner(claim) }))
  })
}

function policyOf({ annotations = {} }: KubeObject['metadata']): string | undefined {
  for (const kind of kinds) {
    const prefix = `${kind.toLowerCase()}.karmada.io`
    const name = annotations[`${prefix}/name`]
    if (name !== undefined) return keyOf(kind, { name, namespace: annotations[`${prefix}/namespace`] })
  }
  return undefined
}

const keyOf = (kind: string, { namespace, name }: { namespace?: string | undefined; name: string }) =>
  `${kind} ${namespace ?? ''}/${name}`
