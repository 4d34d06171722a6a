import type { Claim } from '@meridian/identity'

/** Something in a federation that is not the run's own. */
export type Tenant = {
  /** `member eur`, `PropagationPolicy shop/web`. */
  readonly what: string
  /** Completes "it belongs to …". */
  readonly whose: string
  /** Why it stays, in the place of whose it is: it is ours, but others need it. */
  readonly because?: string
}

/** `it belongs to k8s.example.com of acme/shop`. */
export function explainTenant({ whose, because }: Tenant): string {
  return because ?? `it belongs to ${whose}`
}

/** Whose a thing is that is not the run's own, to complete "it belongs to …". */
export function describeOwner(claim: Exclude<Claim<unknown>, { kind: 'ours' }>): string {
  if (claim.kind === 'foreign') return claim.whose
  return claim.kind === 'unclaimed'
    ? 'somebody who has left no mark on it'
    : `somebody who cannot be told: ${claim.why}`
}

const mostNamed = 10

/** `member eur (it belongs to k8s.example.com of acme/shop), …`. */
export function describeTenants(tenants: readonly Tenant[]): string {
  const named = tenants.slice(0, mostNamed).map(tenant => `${tenant.what} (${explainTenant(tenant)})`)
  const rest = tenants.length - named.length
  return `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
