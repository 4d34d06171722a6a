import type { Problem } from '@meridian/runner'
import * as z from 'zod/mini'
import { fullName, type Identity, stateBucket } from './names.ts'
import { alias, region, zone } from './parse-names.ts'

/** What flows between the actions about a cluster. It holds no secret. */
export type ClusterDescriptor = {
  readonly name: string
  readonly region: string
  readonly zones: readonly string[]
  /** `existing`: somebody else made it, and nobody here changes or deletes its machines. */
  readonly provider: 'kops' | 'existing'
  readonly fullName: string
  /** `s3://bucket`; '' where kops did not make it. */
  readonly stateStore: string
}

const valid = (parse: (raw: string) => string) =>
  z.string('must be text').check(
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
      fullName: z.optional(z.string()),
      stateStore: z.optional(
        z.string().check(z.regex(/^(s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$/, 'must be s3://<bucket>')),
      ),
    }),
    'must be a list of clusters, each with name and region',
  )
  .check(z.minLength(1, 'must name at least one cluster'))

export type GivenCluster = z.infer<typeof givenClusters>[number]

/** Adds to each given cluster what follows from the identity. */
export function completeClusters(given: readonly GivenCluster[], identity: Identity): ClusterDescriptor[] {
  return given.map(cluster => {
    const name = fullName(cluster.name, identity)
    const { provider = 'kops' } = cluster
    return {
      name: cluster.name,
      region: cluster.region,
      zones: cluster.zones ?? [],
      provider,
      fullName: name,
      stateStore: provider === 'kops' ? cluster.stateStore || `s3://${stateBucket(name)}` : '',
    }
  })
}

/** What is wrong with a list of clusters as a whole, under the input that gave it. */
export function checkClusters(
  given: readonly GivenCluster[],
  identity: Identity,
  input = 'clusters',
): Problem[] {
  const problems: string[] = []
  for (const [at, cluster] of given.entries()) {
    if (given.findIndex(other => other.name === cluster.name) < at)
      problems.push(`two clusters are named '${cluster.name}': names must differ`)
    const expected = fullName(cluster.name, identity)
    if (cluster.fullName !== undefined && cluster.fullName !== expected) {
      problems.push(
        `'${cluster.name}' has fullName '${cluster.fullName}', but domain and environment make it '${expected}'`,
      )
    }
  }
  return problems.map(message => ({ input, message }))
}

/** The bucket of a descriptor's state store. */
export function bucketOf(cluster: Pick<ClusterDescriptor, 'stateStore'>): string {
  return cluster.stateStore.replace(/^s3:\/\//, '')
}
