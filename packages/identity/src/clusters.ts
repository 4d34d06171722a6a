import { type Problem, roleArn } from '@meridian/runner'
import * as z from 'zod/mini'
import type { Place } from './identity.ts'
import { fullName, stateBucket } from './names.ts'
import { alias, domain, eksName, kindName, region, zone } from './parse-names.ts'
import { formatStore, parseStore } from './stores.ts'

/** What flows between the actions about a cluster. It holds no secret. */
export type ClusterDescriptor = {
  readonly name: string
  readonly region: string
  readonly zones: readonly string[]
  /** Of all but `kops` somebody else made it, and nobody here changes or deletes its machines. */
  readonly provider: Provider
  readonly fullName: string
  /** `s3://bucket` or `s3://bucket/path`; '' where kops did not make it. */
  readonly stateStore: string
  /** What EKS calls it, where it is EKS's. */
  readonly eksName?: string
  /** What kind calls it, where it is one of kind's on this machine. */
  readonly kindName?: string
  /** ARN of the role that reaches it at EKS, where that is not the run's own. */
  readonly role?: string
}

export const providers = ['kops', 'existing', 'eks', 'kind'] as const
export type Provider = (typeof providers)[number]

/** Whether a cluster is found by its provider's own word, and used as it is: there is no state of it in a store. */
export const isUsedAsItIs = (provider: Provider): boolean => provider === 'eks' || provider === 'kind'

/** Whether AWS may know nothing of a cluster: it may run anywhere. */
export const isAnywhere = (provider: Provider): boolean => provider === 'existing' || provider === 'kind'

const valid = (parse: (raw: string) => unknown) =>
  z.string().check(
    z.superRefine((raw, context) => {
      try {
        parse(raw)
      } catch (error) {
        context.addIssue({ code: 'custom', message: `'${raw}' ${(error as Error).message}`, input: raw })
      }
    }),
  )

/** The shape of the input `clusters`: only `name` and `region` are needed, the rest follows from the identity. */
export const givenClusters = z
  .array(
    z.strictObject({
      name: valid(alias),
      region: valid(region),
      zones: z.optional(z.array(valid(zone))),
      provider: z.optional(z.enum(providers, "must be 'kops', 'existing', 'eks' or 'kind'")),
      fullName: z.optional(valid(domain)),
      // A descriptor of a cluster that kops did not make has an empty one.
      stateStore: z.optional(valid(raw => raw === '' || parseStore(raw))),
      eksName: z.optional(valid(eksName)),
      kindName: z.optional(valid(kindName)),
      role: z.optional(valid(roleArn)),
    }),
    'must be a list of clusters, each with name and region',
  )
  .check(z.minLength(1, 'must name at least one cluster'))

export type GivenCluster = z.infer<typeof givenClusters>[number]

/** Where clusters are named, and the store of those that name none themselves; by default a bucket for each. */
type Defaults = Place & { readonly stateStore?: string | undefined }

/** Adds to each given cluster what follows from domain and environment; a full name that is given stays. */
export function completeClusters(given: readonly GivenCluster[], place: Defaults): ClusterDescriptor[] {
  return given.map(cluster => {
    const name = cluster.fullName ?? fullName(cluster.name, place)
    const { provider = 'kops', role } = cluster
    const store = cluster.stateStore || place.stateStore || `s3://${stateBucket(name)}`
    return {
      name: cluster.name,
      region: cluster.region,
      zones: cluster.zones ?? [],
      provider,
      fullName: name,
      stateStore: provider === 'kops' ? formatStore(parseStore(store)) : '',
      ...(provider === 'eks' && { eksName: cluster.eksName || cluster.name }),
      ...(provider === 'kind' && { kindName: cluster.kindName || cluster.name }),
      ...(role && { role }),
    }
  })
}

/** What is wrong with a list of clusters as a whole, under the input that gave it. */
export function checkClusters(given: readonly GivenCluster[], input = 'clusters'): Problem[] {
  const twice = given.filter((cluster, at) => given.findIndex(({ name }) => name === cluster.name) < at)
  return [
    ...twice.map(({ name }) => ({ input, message: `two clusters are named '${name}': names must differ` })),
    ...given.flatMap(cluster => checkProvider(cluster).map(message => ({ input, message }))),
  ]
}

/** What is wrong with the name of a federation's host: it is that of one of its clusters. */
export function checkHost(
  host: string | undefined,
  clusters: readonly Pick<GivenCluster, 'name'>[] | undefined,
): Problem[] {
  if (host === undefined || clusters?.some(({ name }) => name === host)) return []
  const known = clusters
    ? `: ${clusters.map(({ name }) => name).join(', ')}`
    : ', which must be given with it'
  return [{ input: 'host', message: `'${host}' must be one of clusters${known}` }]
}

/** What only clusters of one provider have. */
const ownFields = { eksName: 'eks', role: 'eks', kindName: 'kind' } as const
type OwnField = keyof typeof ownFields

/** What is given of a cluster that only those of another provider have, with that provider. */
export function strayFields(
  given: { readonly [field in OwnField]?: string | undefined },
  provider: Provider,
): [OwnField, Provider][] {
  const fields = Object.entries(ownFields) as [OwnField, Provider][]
  return fields.filter(([field, wanted]) => given[field] && wanted !== provider)
}

/** What a cluster's provider has no use for would not be heeded. */
function checkProvider(given: GivenCluster): string[] {
  const { name, provider = 'kops', stateStore } = given
  const problems = strayFields(given, provider).map(
    ([field, wanted]) => `${name} has ${field}, which is for provider: ${wanted}`,
  )
  if (stateStore && isUsedAsItIs(provider))
    problems.push(`${name} has stateStore, but with provider: ${provider} there is none: leave it out`)
  return problems
}

/** What another action must be told of a cluster to find it, and no more. */
export function describeGiven(cluster: GivenCluster | ClusterDescriptor): GivenCluster {
  const { name, region, provider, fullName, stateStore, eksName, kindName, role } = cluster
  return {
    name,
    region,
    ...(provider && provider !== 'kops' && { provider }),
    ...(fullName && { fullName }),
    ...(stateStore && { stateStore }),
    ...(eksName && { eksName }),
    ...(kindName && { kindName }),
    ...(role && { role }),
  }
}
