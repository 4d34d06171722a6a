import { type Reply, serve } from '@meridian/aws/testing'
import { testJob } from '@meridian/runner/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  accessCommands,
  connectAws,
  describeEks,
  type EksCluster,
  explainSilence,
  judgeEks,
} from '../../src/index.ts'

const at = { region: 'eu-west-1', eksName: 'prod' }
const ca = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
const cluster: EksCluster = {
  name: 'prod',
  arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod',
  version: '1.35',
  status: 'ACTIVE',
  endpoint: 'https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com',
  authority: ca,
  publicAccess: true,
  privateAccess: false,
  publicCidrs: ['0.0.0.0/0'],
  accessEntries: true,
  autoMode: false,
}

afterEach(() => void vi.unstubAllEnvs())

async function ask(reply: Reply) {
  await using server = await serve(() => ({ type: 'application/json', ...reply }))
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1')
  const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_EKS: `${server.url}/` }
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'x')
  const aws = await connectAws(testJob({ env }), {})
  return { found: await describeEks(aws, at), requests: server.requests }
}

describe('DescribeCluster', () => {
  const described = {
    cluster: {
      ...{ name: 'prod', arn: cluster.arn, version: '1.35', status: 'UPDATING', endpoint: cluster.endpoint },
      certificateAuthority: { data: Buffer.from(ca + ca).toString('base64') },
      computeConfig: { enabled: true },
      accessConfig: { authenticationMode: 'CONFIG_MAP' },
      resourcesVpcConfig: {
        endpointPublicAccess: true,
        endpointPrivateAccess: true,
        publicAccessCidrs: ['203.0.113.0/24'],
      },
    },
  }

  test('is one signed GET, and tells the endpoint and every certificate of the authority', async () => {
    const { found, requests } = await ask({ body: JSON.stringify(described) })
    expect(found).toEqual({
      ...cluster,
      status: 'UPDATING',
      authority: ca + ca,
      privateAccess: true,
      publicCidrs: ['203.0.113.0/24'],
      accessEntries: false,
      autoMode: true,
    })
    expect(requests).toHaveLength(1)
    expect(requests[0]).toMatchObject({ path: '/clusters/prod', body: '' })
    expect(requests[0]?.headers.authorization).toMatch(/\/eu-west-1\/eks\/aws4_request, SignedHeaders=host;/)
  })

  const refusal = (status: number, type: string, message: string): Reply => ({
    status,
    body: JSON.stringify({ message }),
    headers: { 'x-amzn-errortype': type },
  })

  test("finds nothing only where EKS's own error says so", async () => {
    const none = refusal(404, 'ResourceNotFoundException', 'No cluster found for name: prod.')
    expect((await ask(none)).found).toBeUndefined()
    await expect(ask({ status: 404, body: '{}' })).rejects.toThrow('eks answered 404')
  })

  test('that is denied names the permission', async () => {
    const denied = refusal(
      403,
      'AccessDeniedException:http://internal.amazon.com/coral',
      'no identity-based policy',
    )
    await expect(ask(denied)).rejects.toMatchObject({
      message: 'AWS refused eks DescribeCluster: the permission eks:DescribeCluster is missing',
    })
  })

  test('that is answered with another cluster tells nothing', async () => {
    await expect(ask({ body: '{"cluster":{"name":"other","status":"ACTIVE"}}' })).rejects.toThrow(
      'something else',
    )
  })
})

describe('a cluster', () => {
  test.each(['ACTIVE', 'UPDATING'])('that is %s is used', status => {
    expect(judgeEks({ ...cluster, status }, at)).toBeUndefined()
  })

  test.each([
    ['CREATING', 'being created', 'aws eks wait cluster-active --region eu-west-1 --name prod'],
    ['PENDING', 'being created', 'aws eks wait cluster-active'],
    ['DELETING', 'being deleted', 'Leave it out of clusters'],
    [
      'FAILED',
      'has failed',
      'aws eks describe-cluster --region eu-west-1 --name prod --query cluster.health',
    ],
  ])('that is %s is refused, with what to do', (status, why, fix) => {
    expect(judgeEks({ ...cluster, status }, at)).toMatchObject({
      message: expect.stringContaining(why),
      fix: expect.stringContaining(fix),
    })
  })

  test('that is not there is refused, with how to find those that are', () => {
    expect(judgeEks(undefined, at)).toMatchObject({
      message: "there is no EKS cluster 'prod' in eu-west-1, in the account of the credentials",
      fix: expect.stringContaining('aws eks list-clusters --region eu-west-1'),
    })
  })

  test.each([{ endpoint: '' }, { authority: 'noise' }])('without %o has no API yet', lack => {
    expect(judgeEks({ ...cluster, ...lack }, at)).toMatchObject({
      message: expect.stringContaining('no API endpoint'),
    })
  })
})

describe('silence', () => {
  test('of a private endpoint is explained by that', () => {
    const words = explainSilence({ publicAccess: false, publicCidrs: [] }, at)
    expect(words).toContain('Its endpoint is private')
    expect(words).toContain(
      'aws eks update-cluster-config --region eu-west-1 --name prod --resources-vpc-config endpointPublicAccess=true,publicAccessCidrs=',
    )
  })

  test('of one that is open to some networks is explained by these', () => {
    const words = explainSilence({ publicAccess: true, publicCidrs: ['198.51.100.0/24', '192.0.2.0/24'] }, at)
    expect(words).toContain('from 198.51.100.0/24, 192.0.2.0/24 only')
    expect(words).toContain('publicAccessCidrs=198.51.100.0/24,192.0.2.0/24,203.0.113.0/24')
  })

  test('of one that is open to all is not explained', () => {
    expect(explainSilence({ publicAccess: true, publicCidrs: ['0.0.0.0/0', '::/0'] }, at)).toBe('')
  })
})

describe('access', () => {
  const principal = 'arn:aws-cn:iam::111122223333:role/deploy'
  const place = { region: 'cn-north-1', eksName: 'prod' }
  const commands = [
    `aws eks create-access-entry --region cn-north-1 --cluster-name prod --principal-arn ${principal}`,
    `aws eks associate-access-policy --region cn-north-1 --cluster-name prod --principal-arn ${principal} --policy-arn arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy --access-scope type=cluster`,
  ]

  test("is granted by two commands, in the principal's partition", () => {
    expect(accessCommands(principal, place, { accessEntries: true })).toEqual(commands)
  })

  test('is granted by entries that the cluster has to heed first', () => {
    expect(accessCommands(principal, place, { accessEntries: false })).toEqual([
      'aws eks update-cluster-config --region cn-north-1 --name prod --access-config authenticationMode=API_AND_CONFIG_MAP',
      ...commands,
    ])
  })
})
