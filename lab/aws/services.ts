import {
  AwsError,
  type AwsRequest,
  type Credentials,
  queryError,
  type Service,
} from '@meridian/lab-aws-protocol'
import { createRoute53, type HealthChecks, type Zones } from '@meridian/lab-route53'
import type { World } from '@meridian/lab-world'
import { createAutoscaling } from './autoscaling/service.ts'
import { createEc2 } from './ec2/service.ts'
import type { EksClusters } from './eks/clusters.ts'
import { createEks } from './eks/service.ts'
import { createElb } from './elb/service.ts'
import { createIam } from './iam/service.ts'
import { createQueues } from './json/queues.ts'
import { createRules } from './json/rules.ts'
import type { Buckets } from './s3/buckets.ts'
import { createS3 } from './s3/service.ts'
import { createSts, type Trust } from './sts/service.ts'
import { createTagging } from './tagging/service.ts'

/** Finds the service of a request by its credential scope; unsigned ones by what they look like. */
export function createServices(
  world: World,
  parts: {
    credentials: Credentials
    zones: Zones
    checks: HealthChecks
    buckets: Buckets
    eks: EksClusters
    trust: Trust
  },
) {
  const services = new Map<string, Service>([
    ['route53', createRoute53(world, parts.zones, parts.checks)],
    ['sts', createSts(world, parts.credentials, parts.trust)],
    ['s3', createS3(world, parts.buckets)],
    ['ec2', createEc2(world)],
    ['eks', createEks(world, parts.eks)],
    ['elasticloadbalancing', createElb(world)],
    ['tagging', createTagging(world)],
    ['autoscaling', createAutoscaling(world)],
    ['iam', createIam(world)],
    ['sqs', createQueues(world)],
    ['events', createRules(world)],
  ])
  return (request: AwsRequest): Service => {
    const name = request.service ?? (isForm(request) ? 'sts' : 's3')
    return services.get(name) ?? absentService(name)
  }
}

function absentService(name: string): Service {
  return {
    name,
    operation: () => 'UnknownOperation',
    isWrite: () => false,
    answer() {
      throw new AwsError(501, 'NotImplemented', `the lab has no service ${name}`)
    },
    refuse: error => queryError(error, ''),
  }
}

// AssumeRoleWithWebIdentity is the one call that nobody signs.
function isForm(request: AwsRequest): boolean {
  return request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
}
