import type { Problem } from '@meridian/runner'
import * as z from 'zod/mini'
import type { Place } from './identity.ts'
import { fullName, stateBucket } from './names.ts'
import { alias, domain, region, zone } from './parse-names.ts'
import { formatStore, parseStore } from './stores.ts'

/** What flows between the actions about a cluster. It holds no secret. */
export type ClusterDescriptor = {
  readonly name: string
  readonly region: string
  readonly zones: readonly string[]
  /** `existing`: somebody else made it, and nobody here changes or deletes its machines. */
  readonly provider: 'kops' | 'existing'
  readonly fullName: string
  /** `s3://bucket` or `s3://bucket/path`; '' where kops did not make it. */
  readonly stateStore: string
}

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
      provider: z.optional(z.enum(['kops', 'existing'], "must be 'kops' or 'existing'")),
      fullName: z.optional(valid(domain)),
      // A descriptor of a cluster that kops did not make has an empty one.
      stateStore: z.optional(valid(raw => raw === '' || parseStore(raw))),
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
    const { provider = 'kops' } = cluster
    const store = cluster.stateStore || place.stateStore || `s3://${stateBucket(name)}`
    return {
      name: cluster.name,
      region: cluster.region,
      zones: cluster.zones ?? [],
      provider,
      fullName: name,
      stateStore: provider === 'kops' ? formatStore(parseStore(store)) : '',
    }
  })
}

/** What is wrong with a list of clusters as a whole, under the input that gave it. */
export function checkClusters(given: readonly GivenCluster[], input = 'clusters'): Problem[] {
  const twice = given.filter((cluster, at) => given.findIndex(({ name }) => name === cluster.name) < at)
  return twice.map(({ name }) => ({ input, message: `two clusters are named '${name}': names must differ` }))
}
