import { join } from 'node:path'
import { documentedPolicies, unusedGrants } from '@meridian/lab-aws'
import { checkBuilt, makeEksClusters, observe, readOutputs, withProvider } from '@meridian/lab-cli'
import { runWorkflow, type WorkflowRun } from '@meridian/lab-runner'
import { compareSnapshots, labBoundary, startUniverse, type Universe } from '@meridian/lab-universe'
import { describe, expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

type Options = {
  inputs?: Record<string, string>
  signal?: AbortSignal
  onEvent?: Parameters<typeof runWorkflow>[0]['onEvent']
}

async function universe(): Promise<Universe> {
  const started = await startUniverse({ scale: 600 })
  onTestFinished(started.close)
  return started
}

function run(
  workflow: 'up' | 'down',
  { env, domain, nameServer }: Universe,
  { inputs, ...options }: Options = {},
): Promise<WorkflowRun> {
  const file = join(root, `.github/workflows/${workflow}.yml`)
  const vars = { MERIDIAN_BOUNDARY: labBoundary, MERIDIAN_NAME_SERVERS: nameServer }
  return runWorkflow({ file, workspace: root, inputs: { domain, ...inputs }, vars, env, ...options })
}

/** The log of whatever did not succeed: what a failing test shows. */
function complaints({ jobs }: WorkflowRun): string[] {
  const failed = jobs.filter(job => job.result !== 'success')
  return failed.map(
    job => `${job.name}: ${job.result}\n${job.steps.flatMap(step => step.log.slice(-20)).join('\n')}`,
  )
}

/** Writes by client. A lease is taken and given back also where nothing else is to be done. */
function writes({ world }: Universe): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { client, write, resource } of world.requests.all()) {
    counts[client] = (counts[client] ?? 0) + Number(write && !resource?.endsWith('.lease.json'))
  }
  return counts
}

const left = ({ world }: Universe): string[] => world.inventory.list().map(({ type, id }) => `${type} ${id}`)

/**
 * What the policies allow beyond this story: for other inputs, and for what went wrong. What federate and
 * deploy-federated-app may do, kops asks under its own name.
 */
const seldomNeeded: Record<string, string[]> = {
  'create-cluster': [
    // What is in AWS of a cluster that is to be new, machines that do not come, dns: zone, a lease that was of no use.
    'autoscaling:DescribeScalingActivities',
    'ec2:DescribeAddresses',
    'ec2:DescribeDhcpOptions',
    'ec2:DescribeInstances',
    'ec2:DescribeInternetGateways',
    'ec2:DescribeLaunchTemplates',
    'ec2:DescribeNatGateways',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeRouteTables',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeVolumes',
    'ec2:DescribeVpcs',
    'elasticloadbalancing:DescribeTags',
    'route53:ListHostedZonesByName',
    's3:DeleteObject',
    's3:DeleteObjectVersion',
    // S3 gives every new bucket both by itself.
    's3:PutBucketPublicAccessBlock',
    's3:PutEncryptionConfiguration',
  ],
  'latency-dns': [
    // The inputs zone-id and protect, and name servers that do not answer.
    'route53:CreateResourceRecordSetProtections',
    'route53:DeleteResourceRecordSetProtections',
    'route53:GetHostedZone',
    'route53:ListResourceRecordSetProtections',
    'route53:TestDNSAnswer',
  ],
  teardown: [
    // What is stuck or left, protected records, reaping, and state that was lost.
    'ec2:DescribeAddresses',
    'ec2:DescribeAvailabilityZones',
    'ec2:DescribeDhcpOptions',
    'ec2:DescribeInternetGateways',
    'ec2:DescribeLaunchTemplates',
    'ec2:DescribeNatGateways',
    'ec2:DescribeRegions',
    'ec2:DescribeRouteTables',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeVolumes',
    'ec2:DescribeVpcs',
    'elasticloadbalancing:DescribeTags',
    'route53:CreateResourceRecordSetProtections',
    'route53:DeleteResourceRecordSetProtections',
    'route53:GetHostedZone',
    'route53:ListResourceRecordSetProtections',
    's3:AbortMultipartUpload',
    's3:CreateBucket',
    's3:GetBucketPublicAccessBlock',
    's3:GetBucketVersioning',
    's3:GetEncryptionConfiguration',
    's3:ListAllMyBuckets',
    's3:PutBucketPublicAccessBlock',
    's3:PutBucketTagging',
    's3:PutBucketVersioning',
    's3:PutEncryptionConfiguration',
    's3:TagResource',
  ],
}

/** Clusters of EKS, of which this story has none. */
const ofEks = ['eks:DescribeCluster']
/** Of a bucket that has a key of its own; see the test of proxies, whose cluster has one. */
const ofKeys = ['kms:Decrypt', 'kms:GenerateDataKey']

describe('the built actions in the real workflows', () => {
  test('build the federation, change nothing the second time, and leave nothing', {}, async () => {
    const world = await universe()
    const first = await run('up', world)
    expect(complaints(first)).toEqual([])
    const built = observe(world, ['usa', 'eur', 'jpn'])
    expect(built.replicas).toEqual({ usa: 2, eur: 2, jpn: 2 })
    expect(checkBuilt(readOutputs(first.jobOutputs), built)).toEqual([])

    const [inventory, written] = [left(world), writes(world)]
    const second = await run('up', world)
    expect(complaints(second)).toEqual([])
    const said = second.jobs.flatMap(job =>
      job.steps.flatMap(({ outputs }) => outputs.created ?? outputs.changed ?? []),
    )
    expect(said).toEqual(['false', 'false', 'false', 'false', 'false', 'false'])
    // kops writes its state again whenever it is asked to update; nothing else may write anything.
    expect({ ...writes(world), kops: 0 }).toEqual({ ...written, kops: 0 })
    expect(left(world)).toEqual(inventory)

    expect(complaints(await run('down', world))).toEqual([])
    expect(left(world)).toEqual([])
    const unused = unusedGrants(documentedPolicies(), world.world.requests.all())
    const idle = Object.entries(seldomNeeded).flatMap(([action, seldom]) =>
      (unused[action] ?? []).filter(permission => ![...seldom, ...ofEks, ...ofKeys].includes(permission)),
    )
    expect(idle).toEqual([])
  })

  test('build the federation over clusters of EKS, and leave these as they were', async () => {
    const world = await universe()
    const inputs = await withProvider({ provider: 'eks' })
    await makeEksClusters(world, inputs)
    const before = world.snapshot()
    const up = await run('up', world, { inputs })
    expect(complaints(up)).toEqual([])
    const built = observe(world, ['usa', 'eur', 'jpn'])
    expect(built.replicas).toEqual({ usa: 2, eur: 2, jpn: 2 })
    expect(checkBuilt(readOutputs(up.jobOutputs), built)).toEqual([])

    expect(complaints(await run('down', world, { inputs: { clusters: inputs.clusters ?? '' } }))).toEqual([])
    expect(compareSnapshots(before, world.snapshot())).toEqual([])
  })

  test('take down what an interrupted run left half built', async () => {
    const world = await universe()
    const cancel = new AbortController()
    const up = await run('up', world, {
      signal: cancel.signal,
      // By then there are instances, but no cluster that answers.
      onEvent: event =>
        event.type === 'line' && event.text.includes('kOps has set your kubectl context') && cancel.abort(),
    })
    expect(up.jobs.map(job => job.result)).toContain('cancelled')
    expect(left(world)).not.toEqual([])
    expect(complaints(await run('down', world))).toEqual([])
    expect(left(world)).toEqual([])
  })

  test('have nothing to do, and write nothing, where there is nothing to take down', {}, async () => {
    const world = await universe()
    expect(complaints(await run('down', world))).toEqual([])
    expect(writes(world)).toEqual({ teardown: 0 })
  })
})
