import { GetBucketTaggingCommand, type S3Client } from '@aws-sdk/client-s3'
import { isNotFound, route53, s3 } from '@meridian/aws'
import { findZone, isWithin, ownedGroups, planRemoval, readGroup, type Zone } from '@meridian/dns'
import { bucketOf, type ClusterDescriptor, ownerOf } from '@meridian/identity'
import { isHearsay, type Leak } from '@meridian/inventory'
import { configuredClusters } from '@meridian/kops'
import { UserError } from '@meridian/runner'
import { findStateBucket, type StateBucket } from '@meridian/state'
import { lookForRemains, settleLeaks } from './find-leaks.ts'
import type { Work } from './work.ts'

/** What is there of one cluster, as far as its state bucket says. */
export type FoundCluster = {
  readonly cluster: ClusterDescriptor
  readonly bucket: StateBucket | undefined
  /** kops knows the cluster. */
  readonly configured: boolean
  /** Other clusters whose state is in the same bucket. */
  readonly neighbours: readonly string[]
  /** The environment that the bucket's tags name. */
  readonly owner: string | undefined
  /** What lives of a cluster that kops does not know (any more): its state was lost. */
  readonly orphans: readonly Leak[]
}

/** What was found by name, before anything is touched. */
export type Survey = {
  readonly zone: Zone | undefined
  /** Names that have a group or an owner mark of this owner. */
  readonly records: readonly string[]
  readonly clusters: readonly FoundCluster[]
}

/** Looks for everything that the names lead to. Only reads; throws a UserError for what is not this environment's. */
export async function surveyEnvironment(work: Work): Promise<Survey> {
  const [{ zone, records }, clusters] = await Promise.all([
    findRecords(work),
    Promise.all(concerned(work.inputs).map(cluster => surveyCluster(work, cluster))),
  ])
  const survey = { zone, records, clusters }
  const problem = judgeSurvey(survey, work.inputs, ownerOf(work.inputs))
  if (problem !== undefined) throw problem
  return survey
}

/** The clusters that the scope is about. */
function concerned({ scope, clusters }: Work['inputs']): readonly ClusterDescriptor[] {
  return [...scope].some(one => one !== 'dns') ? clusters : []
}

async function findRecords({ inputs, aws }: Work): Promise<Pick<Survey, 'zone' | 'records'>> {
  if (!inputs.scope.has('dns')) return { zone: undefined, records: [] }
  const client = route53(aws)
  const zone = await findZone(client, { fqdn: inputs.domain, domain: inputs.domain }, inputs.zoneId)
  if (inputs.recordNames === undefined) {
    const owned = await ownedGroups(client, zone, inputs.owner)
    // Other domains in this zone may have an owner of the same name.
    return { zone, records: owned.filter(name => isWithin(name, rootOf(inputs))) }
  }
  const records: string[] = []
  for (const fqdn of inputs.recordNames) {
    const plan = planRemoval(inputs.owner, await readGroup(client, zone, fqdn))
    if (plan.kind === 'refuse') throw new UserError(plan.message, { fix: plan.fix, input: 'records' })
    if (plan.kind === 'change') records.push(fqdn)
  }
  return { zone, records }
}

/** The domain that all names of the environment lie in. */
function rootOf({ environment, domain }: Work['inputs']): string {
  return environment === undefined ? domain : `${environment}.${domain}`
}

/** Whether there may be something inside the cluster: kops knows it, or somebody else made it. */
export function isInhabited({ cluster, configured }: FoundCluster): boolean {
  return configured || cluster.provider === 'existing'
}

async function surveyCluster(work: Work, cluster: ClusterDescriptor): Promise<FoundCluster> {
  const found = await surveyBucket(work, cluster)
  // Of a cluster that somebody else made, only what is inside it is ours.
  if (isInhabited(found) || !work.inputs.scope.has('clusters')) return found
  const look = () => lookForRemains(work, cluster.fullName, cluster.region)
  const seen = await look()
  // What only the tagging API shows may have been deleted a moment ago.
  const hearsay = seen.length > 0 && seen.every(isHearsay)
  return { ...found, orphans: hearsay ? await settleLeaks(work, seen, look) : seen }
}

/** What the state bucket of a cluster says. */
export async function surveyBucket(
  { aws }: Pick<Work, 'aws'>,
  cluster: ClusterDescriptor,
): Promise<FoundCluster> {
  const client = s3(aws, cluster.region)
  const bucket = cluster.stateStore === '' ? undefined : await findStateBucket(client, bucketOf(cluster))
  const nothing = { cluster, bucket, configured: false, neighbours: [], owner: undefined, orphans: [] }
  if (bucket === undefined) return nothing
  const local = bucket.region === cluster.region ? client : s3(aws, bucket.region)
  const [configured, owner] = await Promise.all([
    configuredClusters(local, bucket.name),
    readOwner(local, bucket.name),
  ])
  return {
    ...nothing,
    configured: configured.includes(cluster.fullName),
    neighbours: configured.filter(name => name !== cluster.fullName),
    owner,
  }
}

async function readOwner(client: S3Client, Bucket: string): Promise<string | undefined> {
  try {
    const { TagSet = [] } = await client.send(new GetBucketTaggingCommand({ Bucket }))
    return TagSet.find(({ Key }) => Key === 'meridian:environment')?.Value
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** Why a survey must not be acted upon, if it must not. Pure. */
export function judgeSurvey(
  survey: Pick<Survey, 'clusters'>,
  inputs: Pick<Work['inputs'], 'scope' | 'force'>,
  owner: string,
): UserError | undefined {
  if (!inputs.scope.has('clusters') && !inputs.scope.has('state')) return undefined
  const foreign = survey.clusters.flatMap(found => describeForeign(found, owner) ?? [])
  if (foreign.length > 0 && !inputs.force) {
    return new UserError(`not marked as made for the environment '${owner}': ${foreign.join(', ')}`, {
      fix: 'Correct environment, domain or clusters. If they are yours to delete all the same, use force: true.',
      input: 'environment',
    })
  }
  const orphaned = survey.clusters.filter(found => found.configured)
  if (inputs.scope.has('state') && !inputs.scope.has('clusters') && orphaned.length > 0) {
    const names = orphaned.map(found => found.cluster.fullName).join(', ')
    return new UserError(`the state of ${names} is still needed to delete them`, {
      fix: 'Add clusters to the scope, or take state out of it.',
      input: 'scope',
    })
  }
  return undefined
}

/** What of a cluster is not marked as the owner's; undefined if all of it is, or nothing is there. Pure. */
function describeForeign(found: FoundCluster, owner: string): string | undefined {
  const { bucket, cluster, configured, orphans } = found
  if (found.owner !== undefined && found.owner !== owner) return `${bucket?.name} (${found.owner})`
  if (found.owner === undefined && configured) return `${bucket?.name} (no environment)`
  const marks = new Set(orphans.flatMap(({ environment }) => environment ?? []))
  const others = [...marks].filter(mark => mark !== owner)
  // A bucket of ours vouches for what has the cluster's name.
  if (orphans.length === 0 || (others.length === 0 && (marks.has(owner) || found.owner === owner)))
    return undefined
  return `${orphans.length} resources of ${cluster.fullName} (${others.join(', ') || 'no environment'})`
}
