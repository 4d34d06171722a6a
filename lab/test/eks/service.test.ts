import { signerOf } from '@meridian/lab-aws/testing'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, expect, test } from 'vitest'

const policies = {
  reader: {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Describe',
        Effect: 'Allow',
        Action: ['eks:DescribeCluster'],
        Resource: ['arn:aws:eks:us-east-1:*:cluster/usa'],
      },
    ],
  },
} as const

let universe: Universe

beforeAll(async () => {
  universe = await startUniverse({ scale: 10_000, policies: policies as never })
  const tags = { team: 'platform' }
  await Promise.all([
    universe.addEksCluster('usa', { tags, defaultStorageClass: true }),
    universe.addEksCluster('usb', { autoMode: true }),
    universe.addEksCluster('eur', { region: 'eu-west-1', account: universe.aws.addAccount('444455556666') }),
  ])
})
afterAll(() => universe.close())

type Asked = { method?: string; body?: object; region?: string; client?: string; signer?: object }

async function ask(path: string, { method = 'GET', body, region = 'us-east-1', ...more }: Asked = {}) {
  const signer = { ...signerOf(universe), ...more.signer, service: 'eks', region, retries: 0 }
  const answer = await new AwsClient(signer).fetch(`${universe.url}${path}`, {
    method,
    headers: more.client ? { 'user-agent': `meridian-${more.client}/1` } : {},
    ...(body && { body: JSON.stringify(body) }),
  })
  const { status, headers } = answer
  return {
    status,
    error: headers.get('x-amzn-errortype'),
    body: (await answer.json()) as Record<string, unknown>,
  }
}

test('a cluster is described in the members of the API', async () => {
  const { status, body } = await ask('/clusters/usa')
  expect(status).toBe(200)
  expect(body.cluster).toMatchObject({
    name: 'usa',
    arn: 'arn:aws:eks:us-east-1:111122223333:cluster/usa',
    version: '1.35',
    platformVersion: expect.stringMatching(/^eks\.\d+$/),
    status: 'ACTIVE',
    endpoint: expect.stringMatching(/^https:\/\/[0-9A-F]{32}\.\w{3}\.us-east-1\.eks\.amazonaws\.com$/),
    createdAt: expect.any(Number),
    resourcesVpcConfig: {
      vpcId: expect.stringMatching(/^vpc-/),
      endpointPublicAccess: true,
      endpointPrivateAccess: false,
      publicAccessCidrs: ['0.0.0.0/0'],
    },
    accessConfig: { authenticationMode: 'API' },
    health: { issues: [] },
    tags: { team: 'platform' },
  })
  const { certificateAuthority } = body.cluster as { certificateAuthority: { data: string } }
  expect(Buffer.from(certificateAuthority.data, 'base64').toString()).toMatch(
    /^-----BEGIN CERTIFICATE-----\n/,
  )
})

test.each<[why: string, path: string, more: Asked]>([
  ['that nobody has', '/clusters/nope', {}],
  ['of another region', '/clusters/usa', { region: 'us-west-2' }],
  ['of another account', '/clusters/eur', { region: 'eu-west-1' }],
])('a cluster %s is not found', async (_, path, more) => {
  const name = path.split('/').at(-1)
  expect(await ask(path, more)).toEqual({
    status: 404,
    error: 'ResourceNotFoundException',
    body: { clusterName: name, message: `No cluster found for name: ${name}.` },
  })
})

test('clusters are listed by page, of one account and region', async () => {
  expect((await ask('/clusters')).body).toEqual({ clusters: ['usa', 'usb'] })
  const { body } = await ask('/clusters?maxResults=1')
  expect(body).toEqual({ clusters: ['usa'], nextToken: expect.any(String) })
  const next = encodeURIComponent(String(body.nextToken))
  expect((await ask(`/clusters?maxResults=1&nextToken=${next}`)).body).toEqual({ clusters: ['usb'] })
  expect(await ask('/clusters?maxResults=101')).toMatchObject({
    status: 400,
    error: 'InvalidParameterException',
  })
  expect((await ask('/clusters', { region: 'eu-west-1' })).body).toEqual({ clusters: [] })
})

test('IAM judges by the ARN of the cluster', async () => {
  expect((await ask('/clusters/usa', { client: 'reader' })).status).toBe(200)
  const words =
    'is not authorized to perform: eks:DescribeCluster on resource: arn:aws:eks:us-east-1:111122223333:cluster/usb'
  expect(await ask('/clusters/usb', { client: 'reader' })).toMatchObject({
    status: 403,
    error: 'AccessDeniedException',
    body: { message: expect.stringContaining(words) },
  })
  expect((await ask('/clusters', { client: 'reader' })).status).toBe(403)
})

test.each<[why: string, signer: object, error: string]>([
  ['of a key that nobody has', { accessKeyId: 'AKIA000000000000' }, 'UnrecognizedClientException'],
  ['with a wrong secret', { secretAccessKey: 'guessed' }, 'InvalidSignatureException'],
])('a request %s is refused', async (_, signer, error) => {
  expect(await ask('/clusters/usa', { signer })).toMatchObject({ status: 403, error })
})

test('an access entry is made, given a policy and taken away as its owner does it', async () => {
  const principalArn = 'arn:aws:iam::111122223333:role/ci/builder'
  const entries = '/clusters/usa/access-entries'
  const entry = `${entries}/${encodeURIComponent(principalArn)}`
  const made = await ask(entries, { method: 'POST', body: { principalArn } })
  expect(made.body.accessEntry).toMatchObject({
    clusterName: 'usa',
    principalArn,
    kubernetesGroups: [],
    username: 'arn:aws:sts::111122223333:assumed-role/builder/{{SessionName}}',
    type: 'STANDARD',
  })
  expect(await ask(entries, { method: 'POST', body: { principalArn } })).toMatchObject({
    status: 409,
    error: 'ResourceInUseException',
  })
  const policyArn = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy'
  const accessScope = { type: 'cluster' }
  await ask(`${entry}/access-policies`, { method: 'POST', body: { policyArn, accessScope } })
  expect((await ask(`${entry}/access-policies`)).body.associatedAccessPolicies).toMatchObject([{ policyArn }])
  expect((await ask(entry, { method: 'DELETE' })).status).toBe(200)
  expect(await ask(entry)).toMatchObject({ status: 404, error: 'ResourceNotFoundException' })
})

test('who reaches an endpoint is changed as its owner does it, which takes EKS some minutes', async () => {
  const path = '/clusters/usb/update-config'
  const change = (resourcesVpcConfig: object) => ask(path, { method: 'POST', body: { resourcesVpcConfig } })
  expect(await change({ endpointPublicAccess: true })).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('Cluster is already at the desired configuration') },
  })
  const usb = universe.aws.eks.find({ account: universe.world.accountId, region: 'us-east-1' }, 'usb')
  Object.assign(usb ?? {}, { status: 'UPDATING' })
  expect(await change({ endpointPublicAccess: false, endpointPrivateAccess: true })).toMatchObject({
    status: 409,
    error: 'ResourceInUseException',
  })
  Object.assign(usb ?? {}, { status: 'ACTIVE' })
  const { body } = await change({ endpointPublicAccess: false, endpointPrivateAccess: true })
  const { id } = body.update as { id: string }
  const status = async () =>
    ((await ask(`/clusters/usb/updates/${id}`)).body.update as { status: string }).status
  while ((await status()) !== 'Successful') await universe.world.clock.sleep(30)
  expect((await ask('/clusters/usb')).body.cluster).toMatchObject({
    status: 'ACTIVE',
    resourcesVpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true },
  })
})

test('a node group is described, and Auto Mode has none', async () => {
  expect((await ask('/clusters/usa/node-groups')).body).toEqual({ nodegroups: ['default'] })
  expect((await ask('/clusters/usa/node-groups/default')).body.nodegroup).toMatchObject({
    status: 'ACTIVE',
    scalingConfig: { desiredSize: 2 },
  })
  expect((await ask('/clusters/usb/node-groups')).body).toEqual({ nodegroups: [] })
  expect((await ask('/clusters/usb')).body.cluster).toMatchObject({ computeConfig: { enabled: true } })
})

test('what the lab does not have is refused by name', async () => {
  expect(await ask('/clusters', { method: 'POST', body: { name: 'more' } })).toMatchObject({
    status: 501,
    body: { message: "the lab's EKS has no POST /clusters" },
  })
})
