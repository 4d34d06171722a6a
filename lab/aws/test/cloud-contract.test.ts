import { EC2Client } from '@aws-sdk/client-ec2'
import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { STSClient } from '@aws-sdk/client-sts'
import { clientFor, openOther, type Target } from '@meridian/lab-route53/testing'
import { createWorld, openFrontDoor } from '@meridian/lab-world'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAws } from '../create-aws.ts'
import { bucketCases, type ContractBucket } from './contract/bucket-cases.ts'
import { type CloudClients, cloudCases } from './contract/cloud-cases.ts'

async function openLab(): Promise<Target> {
  const world = createWorld({ scale: 10_000 })
  const { handler, credentials } = createAws(world)
  const door = await openFrontDoor(world, { aws: handler, control: {} })
  return {
    endpoint: door.url,
    credentials,
    route53: clientFor(door.url, credentials),
    async close() {
      await door.close()
      world.close()
    },
  }
}

describe.each(['lab', 'moto'] as const)('the AWS of %s', name => {
  let target: Target | undefined
  let buckets = 0
  beforeAll(async () => {
    target = await (name === 'lab' ? openLab() : openOther(name))
  })
  afterAll(() => target?.close())

  const settings = (region = 'us-east-1') => ({
    region,
    endpoint: target?.endpoint ?? '',
    ...(target && { credentials: target.credentials }),
    maxAttempts: 1,
  })
  const s3 = (region?: string) => new S3Client({ ...settings(region), forcePathStyle: true })

  async function openBucket(): Promise<ContractBucket> {
    buckets += 1
    const Bucket = `contract-${buckets}.example.com-state`
    await s3().send(new CreateBucketCommand({ Bucket }))
    return { s3, Bucket }
  }

  function openClients(): CloudClients {
    return {
      ec2: new EC2Client(settings()),
      elb: new ElasticLoadBalancingClient(settings()),
      elbv2: new ElasticLoadBalancingV2Client(settings()),
      sts: new STSClient(settings()),
      tagging: new ResourceGroupsTaggingAPIClient(settings()),
    }
  }

  const contract = [
    ...bucketCases.map(each => ({ ...each, attempt: async () => each.run(await openBucket()) })),
    ...cloudCases.map(each => ({ ...each, attempt: () => each.run(openClients()) })),
  ]

  test.for(contract)('$rule', async ({ attempt, deviation, rule }, { skip }) => {
    if (!target) return skip('skipped: moto_server (or MERIDIAN_MOTO_SERVER) not found')
    if (deviation === undefined || name === 'lab') await attempt()
    else await expect(attempt(), `moto follows "${rule}" now, although ${deviation}`).rejects.toThrow()
  })
})
