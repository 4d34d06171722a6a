import {
  type ClusterDescriptor,
  completeClusters,
  fullName,
  type Identity,
  ownerOf,
} from '@meridian/identity'

/** A state bucket that says whose it is. */
export type MarkedBucket = {
  readonly name: string
  readonly region: string
  /** The birth certificate. */
  readonly tags: Readonly<Record<string, string>>
  /** Full names of the clusters whose state is in it, or of the one that it is named after. */
  readonly clusters: readonly string[]
}

/** What the state buckets of one environment say of it. */
export type Environment = {
  readonly identity: Identity
  readonly clusters: readonly ClusterDescriptor[]
  readonly buckets: readonly MarkedBucket[]
}

/** `pr-42.k8s.example.com`, or `k8s.example.com` for the only one of a domain. */
export function describeIdentity({ environment, domain }: Identity): string {
  return environment === undefined ? domain : `${environment}.${domain}`
}

/**
 * Puts buckets together to environments, at or below `domain`. A name that does not fit its bucket's mark is no
 * environment of ours: such buckets are returned apart. Pure.
 */
export function groupEnvironments(
  buckets: readonly MarkedBucket[],
  domain: string,
): { environments: Environment[]; unreadable: MarkedBucket[] } {
  const groups = new Map<string, Environment>()
  const unreadable: MarkedBucket[] = []
  for (const bucket of buckets) {
    const owner = bucket.tags['meridian:environment'] ?? ''
    for (const name of bucket.clusters) {
      const read = readIdentity(name, owner)
      if (read === undefined) {
        unreadable.push(bucket)
        continue
      }
      const { alias, identity } = read
      if (identity.domain !== domain && !identity.domain.endsWith(`.${domain}`)) continue
      const key = describeIdentity(identity)
      const known = groups.get(key) ?? { identity, clusters: [], buckets: [] }
      const given = { name: alias, region: bucket.region, stateStore: `s3://${bucket.name}` }
      groups.set(key, {
        identity,
        clusters: [...known.clusters, ...completeClusters([given], identity)],
        buckets: [...known.buckets.filter(one => one !== bucket), bucket],
      })
    }
  }
  return { environments: [...groups.values()], unreadable }
}

/** The identity in a cluster's full name, of which the environment is known; undefined if they do not fit. */
function readIdentity(name: string, owner: string): { alias: string; identity: Identity } | undefined {
  const [alias = '', ...rest] = name.split('.')
  const environment = owner === ownerOf({ domain: '' }) ? undefined : rest.shift()
  const identity = { environment, domain: rest.join('.') }
  const fits =
    alias !== '' && rest.length >= 2 && ownerOf(identity) === owner && fullName(alias, identity) === name
  return fits ? { alias, identity } : undefined
}
