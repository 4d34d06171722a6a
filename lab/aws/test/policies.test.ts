import { CreateBucketCommand, DeleteObjectsCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import type { AwsRequest } from '@meridian/lab-aws-protocol'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { createWorld, openFrontDoor } from '@meridian/lab-world'
import { describe, expect, onTestFinished, test } from 'vitest'
import { permissionsOfRequest } from '../access/permissions.ts'
import { documentedBoundary, documentedPolicies, policyFiles } from '../access/policies.ts'
import { isAllowed, type Policy } from '../access/policy.ts'
import { createAws } from '../create-aws.ts'
import { kopsActions } from '../testing/kops-actions.ts'

const policies = documentedPolicies()
const cluster = 'usa.k8s.example.com'
const tags = { KubernetesCluster: cluster }

const actionsIn = (part: 'seen' | 'fromSource' | 'implied') => Object.values(kopsActions[part]).flat()
const granted = (policy: Policy | undefined) => (policy?.Statement ?? []).flatMap(({ Action }) => Action)

describe.each([...Object.entries(policyFiles()), ['boundary', documentedBoundary()] as const])(
  'the policy of %s',
  (_name, { Version, Statement }) => {
    test('is one that IAM takes', () => {
      expect(Version).toBe('2012-10-17')
      // The limit of a managed policy, without white space.
      expect(JSON.stringify({ Version, Statement }).length).toBeLessThanOrEqual(6144)
      const sids = Statement.map(({ Sid }) => Sid)
      expect(new Set(sids).size).toBe(sids.length)
      expect(sids.every(sid => /^[A-Za-z0-9]+$/.test(sid))).toBe(true)
    })

    test('allows nothing twice on the same resource under the same condition', () => {
      const grants = Statement.flatMap(({ Action, Resource, Condition }) =>
        Action.flatMap(action =>
          Resource.map(resource => `${action} ${resource} ${JSON.stringify(Condition)}`),
        ),
      )
      expect(new Set(grants).size).toBe(grants.length)
    })
  },
)

test('a policy of somebody who runs an action allows single actions only', () => {
  const all = Object.values(policies).flatMap(granted)
  expect(all.filter(action => action.includes('*'))).toEqual([])
})

describe('the policy of kops', () => {
  test.each(Object.entries(kopsActions.seen))('allows what the real kops asked in: %s', (_phase, actions) => {
    expect(actions.filter(action => !granted(policies.kops).includes(action))).toEqual([])
  })

  test('allows what the source of kops asks besides, and what AWS wants for it', () => {
    const asked = [...actionsIn('fromSource'), ...actionsIn('implied')]
    expect(asked.filter(action => !granted(policies.kops).includes(action))).toEqual([])
  })

  test('allows nothing that is in none of these lists', () => {
    const known = [...actionsIn('seen'), ...actionsIn('fromSource'), ...actionsIn('implied')]
    expect(granted(policies.kops).filter(action => !known.includes(action))).toEqual([])
  })
})

test.each(['federate', 'deploy-federated-app'])('%s may reach clusters through their state', name => {
  const needed = (kopsActions.seen.export ?? []).filter(action => action !== 'sts:GetCallerIdentity')

  expect(needed.filter(action => !granted(policies[name]).includes(action))).toEqual([])
})

const policy: Policy = {
  Version: '2012-10-17',
  Statement: [
    { Sid: 'A', Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::*-state/*'] },
    {
      Sid: 'B',
      Effect: 'Allow',
      Action: ['ec2:DeleteVpc'],
      Resource: ['*'],
      Condition: { StringLike: { 'aws:ResourceTag/KubernetesCluster': '*.example.com' } },
    },
  ],
}

test.each([
  ['s3:GetObject', 'arn:aws:s3:::usa-state/config', undefined, true],
  ['s3:GetObject', 'arn:aws:s3:::usa/config', undefined, false],
  ['s3:PutObject', 'arn:aws:s3:::usa-state/config', undefined, false],
  ['ec2:DeleteVpc', 'arn:aws:ec2:us-east-1:1:vpc/vpc-1', tags, true],
  ['ec2:DeleteVpc', 'arn:aws:ec2:us-east-1:1:vpc/vpc-1', { KubernetesCluster: 'usa.example.org' }, false],
  ['ec2:DeleteVpc', 'arn:aws:ec2:us-east-1:1:vpc/vpc-1', {}, false],
])('%s on %s with the tags %j: %s', (permission, resource, given, allowed) => {
  expect(isAllowed(policy, { permission, resource, ...(given && { tags: given }) })).toBe(allowed)
})

test('a change of records is judged by its actions and types', () => {
  const { teardown } = policies
  const change = (action: string, type: string) =>
    teardown &&
    isAllowed(teardown, {
      permission: 'route53:ChangeResourceRecordSets',
      resource: 'arn:aws:route53:::hostedzone/Z1',
      context: {
        'route53:ChangeResourceRecordSetsActions': [action],
        'route53:ChangeResourceRecordSetsRecordTypes': [type],
      },
    })

  // A drained name keeps its mark, which is made anew in the same batch.
  expect([change('DELETE', 'CNAME'), change('CREATE', 'TXT')]).toEqual([true, true])
  expect([change('UPSERT', 'CNAME'), change('DELETE', 'MX')]).toEqual([false, false])
})

test('a request is judged with the versions and tags that it names', () => {
  const request = (query: string, body: string, headers: Record<string, string> = {}) =>
    ({ query: new URLSearchParams(query), body: Buffer.from(body), headers }) as AwsRequest

  expect(permissionsOfRequest('s3', 'DeleteObject', request('versionId=1', ''))).toEqual([
    's3:DeleteObjectVersion',
  ])
  expect(permissionsOfRequest('s3', 'CreateBucket', request('', '<Tags>'))).toEqual([
    's3:CreateBucket',
    's3:TagResource',
  ])
  expect(permissionsOfRequest('s3', 'DeleteObject', request('', '', { 'if-match': '"1"' }))).toEqual([
    's3:DeleteObject',
    's3:GetObject',
  ])
  expect(permissionsOfRequest('s3', 'GetObjectLockConfiguration', request('object-lock', ''))).toEqual([
    's3:GetBucketObjectLockConfiguration',
  ])
})

test('a policy may stop at a folder of a bucket, for one object and for a deletion of many', async () => {
  const Resource = ['arn:aws:s3:::platform/team-a/*']
  const Statement = [{ Sid: 'Own', Effect: 'Allow' as const, Action: ['s3:DeleteObject'], Resource }]
  const world = createWorld()
  const aws = createAws(world, { teardown: { Version: '2012-10-17', Statement } })
  const door = await openFrontDoor(world, { aws: aws.handler, control: aws.control })
  onTestFinished(async () => {
    await door.close()
    world.close()
  })
  aws.s3.addBucket('platform')
  const settings = { region: 'us-east-1', endpoint: door.url, credentials: aws.credentials, maxAttempts: 1 }
  const client = new S3Client({ ...settings, forcePathStyle: true, customUserAgent: 'meridian-teardown/1' })
  const remove = async (...keys: string[]) => {
    const Delete = { Objects: keys.map(Key => ({ Key })) }
    const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket: 'platform', Delete }))
    return Errors.map(({ Code }) => Code)
  }

  expect(await remove('team-a/usa/config')).toEqual([])
  expect(await remove('team-a/usa/config', 'team-a/eur/config')).toEqual([])
  expect(await remove('team-a/usa/config', 'team-b/config')).toEqual(['AccessDenied', 'AccessDenied'])
})

test('whoever has a policy is held to it', async () => {
  const world = createWorld()
  const aws = createAws(world, { 'create-cluster': policies['create-cluster'] as Policy })
  const door = await openFrontDoor(world, { aws: aws.handler, control: aws.control })
  onTestFinished(async () => {
    await door.close()
    world.close()
  })
  const settings = { region: 'us-east-1', endpoint: door.url, credentials: aws.credentials, maxAttempts: 1 }
  const client = (customUserAgent: string) =>
    new S3Client({ ...settings, forcePathStyle: true, customUserAgent })
  const action = client('meridian-create-cluster/0.1.0')

  await action.send(new CreateBucketCommand({ Bucket: 'usa.example.com-state' }))
  expect(await refusalOf(action.send(new CreateBucketCommand({ Bucket: 'other' })))).toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('s3:CreateBucket on resource: "arn:aws:s3:::other"'),
  })
  await refusalOf(action.send(new ListBucketsCommand({})))
  await client('curl/8').send(new ListBucketsCommand({}))
})
