import { EC2Client } from '@aws-sdk/client-ec2'
import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { Route53Client } from '@aws-sdk/client-route-53'
import { S3Client } from '@aws-sdk/client-s3'
import { STSClient } from '@aws-sdk/client-sts'
import { createWorld, openFrontDoor, type WorldOptions } from '@meridian/lab-world'
import { onTestFinished } from 'vitest'
import { createAws } from '../create-aws.ts'

/** A world with an AWS account and real SDK clients that talk to it; gone when the test is. */
export async function openAccount(options: WorldOptions = {}) {
  const world = createWorld({ scale: 10_000, ...options })
  const aws = createAws(world)
  const door = await openFrontDoor(world, { aws: aws.handler, control: {} })
  onTestFinished(async () => {
    await door.close()
    world.close()
  })
  // One attempt: a test wants to see what the lab refuses, not how the SDK tries again.
  const settings = (region = 'us-east-1') => ({
    region,
    endpoint: door.url,
    credentials: aws.credentials,
    maxAttempts: 1,
  })
  return {
    world,
    aws,
    door,
    settings,
    route53: new Route53Client(settings()),
    s3: (region?: string) => new S3Client({ ...settings(region), forcePathStyle: true }),
    sts: new STSClient(settings()),
    ec2: (region?: string) => new EC2Client(settings(region)),
    elb: (region?: string) => new ElasticLoadBalancingClient(settings(region)),
    elbv2: (region?: string) => new ElasticLoadBalancingV2Client(settings(region)),
    tagging: (region?: string) => new ResourceGroupsTaggingAPIClient(settings(region)),
  }
}
