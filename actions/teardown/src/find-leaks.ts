import {
  type Aws,
  instanceStates,
  loadBalancers,
  networkInterfaces,
  s3,
  type TaggedResource,
  taggedResources,
  volumes,
} from '@meridian/aws'
import { bucketOf, type ClusterDescriptor, ownerOf } from '@meridian/environment'
import { configuredClusters } from '@meridian/kops'
import { done, TimeoutError, waitFor, waiting } from '@meridian/runner'
import { describeLeak, judgeRemains, type Leak } from './leak.ts'
import { limitTime, type Work } from './work.ts'

/** The tagging API shows what was just deleted for a while; nothing else of AWS is asked so often. */
const settleMilliseconds = 60_000

/**
 * What is left of the clusters in AWS, by the tags that kops and the cloud controller put on everything. Where this
 * run has deleted something, it looks again for a minute before it calls what it sees a leak.
 */
export async function findLeaks(work: Work): Promise<Leak[]> {
  let seen = await lookForLeaks(work)
  if (seen.length === 0 || work.ledger.gone.length === 0) return seen
  try {
    await waitFor(limitTime(work.job, settleMilliseconds), {
      what: 'AWS to stop listing what was deleted',
      fix: '',
      every: { first: 1_000, most: 10_000 },
      probe: async () => {
        seen = await lookForLeaks(work)
        return seen.length === 0
          ? done(undefined)
          : waiting(`${seen.length} listed, such as ${seen.slice(0, 3).map(describeLeak).join(', ')}`)
      },
    })
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error
  }
  return seen
}

async function lookForLeaks(work: Work): Promise<Leak[]> {
  const [inClusters, buckets] = await Promise.all([
    Promise.all(work.inputs.clusters.map(cluster => lookAtCluster(work.aws, cluster))),
    lookForBuckets(work),
  ])
  return [...inClusters.flat(), ...buckets]
}

async function lookAtCluster(aws: Aws, { fullName, region }: ClusterDescriptor): Promise<Leak[]> {
  const tag = { KubernetesCluster: fullName }
  const owned = `kubernetes.io/cluster/${fullName}`
  const [byName, byCluster, instances, balancers, ownBalancers] = await Promise.all([
    taggedResources(aws, region, tag),
    taggedResources(aws, region, { [owned]: 'owned' }),
    instanceStates(aws, region, { 'tag:KubernetesCluster': [fullName] }),
    loadBalancers(aws, region, tag),
    loadBalancers(aws, region, { [owned]: 'owned' }),
  ])
  const tagged = [...new Map([...byName, ...byCluster].map(resource => [resource.arn, resource])).values()]
  const both = [...new Map([...balancers, ...ownBalancers].map(one => [one.hostname, one])).values()]
  const [interfaces, disks] = await Promise.all([
    findInterfaces(aws, region, fullName, tagged),
    volumes(aws, region, { 'tag:KubernetesCluster': [fullName] }),
  ])
  return judgeRemains(fullName, region, { tagged, instances, balancers: both, interfaces, volumes: disks })
}

/** Those of load balancers have no tags: they are found by the VPC that they are in, as long as it is there. */
async function findInterfaces(aws: Aws, region: string, fullName: string, tagged: readonly TaggedResource[]) {
  const vpcs = tagged.filter(({ type }) => type === 'ec2:vpc').map(({ id }) => id)
  const found = await Promise.all([
    networkInterfaces(aws, region, { 'tag:KubernetesCluster': [fullName] }),
    ...(vpcs.length > 0 ? [networkInterfaces(aws, region, { 'vpc-id': vpcs })] : []),
  ])
  return [...new Map(found.flat().map(one => [one.id, one])).values()]
}

/** Buckets of this environment that no cluster of the input has: empty ones are left over, others are in use. */
async function lookForBuckets({ aws, inputs, job }: Work): Promise<Leak[]> {
  const own = new Set(inputs.clusters.map(bucketOf))
  const tags = {
    'meridian:environment': ownerOf(inputs),
    ...(job.run.repository !== '' && { 'meridian:owner': job.run.repository }),
  }
  const regions = [...new Set(inputs.clusters.map(({ region }) => region))]
  const found = (await Promise.all(regions.map(region => taggedResources(aws, region, tags)))).flat()
  const others = found.filter(
    ({ type, id }) => type === 's3' && !own.has(id) && id.endsWith(`.${inputs.domain}-state`),
  )
  const judged = await Promise.all(
    others.map(async ({ arn, id, region }) => {
      const used = await configuredClusters(s3(aws, region), id)
      return used.length > 0 ? [] : [{ id: arn, type: 's3', region, hourlyCost: 0, cluster: '' }]
    }),
  )
  return judged.flat()
}
