import { ToolFailure } from '@meridian/tools'
import { expect, test } from 'vitest'
import { kopsFailure } from '../../src/commands/failures.ts'
import { explainKops } from '../../src/index.ts'

const failure = (headline: string, stdout = '') =>
  new ToolFailure({
    tool: 'kops',
    command: 'kops create cluster',
    exitCode: 1,
    signal: undefined,
    timedOut: false,
    cancelled: false,
    seconds: 1,
    headline,
    stdout,
    stderr: '',
  })

const notSent = (words: string) =>
  `error reading cluster configuration "x": error reading s3://b/x/config: getting location for bucket "b": operation error S3: HeadBucket, exceeded maximum number of attempts, 1, https response error StatusCode: 0, RequestID: , HostID: , request send failed, Head "https://s3.dualstack.us-east-1.amazonaws.com/b": ${words}`

test.each([
  ['absent', 'error reading cluster configuration: Cluster.kops.k8s.io "x" not found', false],
  ['exists', `cluster "x" already exists; use 'kops update cluster' to apply changes`, false],
  ['half-made', 'must configure at least one InstanceGroup', false],
  [
    'input',
    'error Zone is not a recognized AZ: "us-east-1z" (check you have specified a valid zone?)',
    false,
  ],
  [
    'input',
    "api error ValidationError: 1 validation error detected: Value 'kops-controller-half-k8s--88u7qn' at 'targetGroup.targetGroupArn.targetGroupName' failed to satisfy constraint",
    false,
  ],
  ['version', 'kubernetes upgrade is required', false],
  ['version', 'kops version older than last used to update the cluster', false],
  [
    'dns',
    'cannot find DNS Zone "x".  Please pre-create the zone and set up NS records so that it resolves',
    false,
  ],
  ['quota', 'error creating VPC: VpcLimitExceeded: The maximum number of VPCs has been reached.', false],
  [
    'permission',
    'operation error EC2: DescribeVpcs, api error UnauthorizedOperation: You are not authorized',
    false,
  ],
  ['credentials', 'api error ExpiredToken: The security token included in the request is expired', false],
  ['credentials', 'api error InvalidAccessKeyId: The AWS Access Key Id you provided does not exist', false],
  ['credentials', 'api error SignatureDoesNotMatch: The request signature we calculated', false],
  [
    'credentials',
    'api error AuthFailure: AWS was not able to validate the provided access credentials',
    false,
  ],
  ['input', 'instance type "t9.huge" not found in region "us-east-1"', false],
  ['input', 'spec.machineType: Invalid value: "t9": machine type specified is invalid: "t9"', false],
  [
    'network',
    'error reading channel "https://channels.example.com/stable": error fetching "https://channels.example.com/stable": 404 Not Found',
    true,
  ],
  ['network', 'tls: failed to verify certificate: x509: certificate signed by unknown authority', false],
  ['clock', 'api error RequestTimeTooSkewed: The difference is too large', false],
  ['stuck', 'wait time exceeded during resources deletion', false],
  ['state', 'refusing to delete: unknown file found: s3://x/y', false],
  [
    'overtaken',
    'error listing resources: listing ELB tags: operation error Elastic Load Balancing v2: DescribeTags, api error LoadBalancerNotFound: One or more load balancers not found',
    true,
  ],
  ['throttling', 'api error RequestLimitExceeded: Request limit exceeded.', true],
  ['proxy', 'error listing nodes: Get "https://x/api": Proxy Authentication Required', false],
  // kops 1.36.2 itself, behind a proxy that wants credentials, and behind one that cannot reach S3.
  ['proxy', notSent('Proxy Authentication Required'), false],
  ['proxy', notSent('Forbidden'), false],
  ['network', notSent('Service Unavailable'), true],
  [
    'proxy',
    'Get "https://dl.k8s.io/x": proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused',
    false,
  ],
  ['network', 'cannot determine hash for "https://artifacts.k8s.io/x"', true],
  ['network', 'dial tcp 10.0.0.1:443: i/o timeout', true],
])('%s: %s', (category, headline, retryable) =>
  expect(kopsFailure(failure(headline))).toMatchObject({ category, retryable }),
)

test('a box of stars on stdout is read too', () => {
  expect(
    kopsFailure(
      failure('x', 'This version of Kubernetes is no longer supported; upgrading Kubernetes is required'),
    )?.category,
  ).toBe('version')
})

test('a known failure has advice', () => {
  expect(explainKops(failure('must configure at least one InstanceGroup'))).toMatchObject({
    fix: expect.stringContaining('teardown'),
  })
})

test('an unknown failure names the command to run by hand', () => {
  expect(explainKops(failure('what?'))).toMatchObject({
    name: 'UserError',
    fix: 'To see more, run it yourself: kops create cluster',
  })
})

test('what is not a failure of kops stays as it is', () => {
  const error = new Error('x')
  expect(explainKops(error)).toBe(error)
})
