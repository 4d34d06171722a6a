import type { Need } from '@meridian/lab-aws-protocol'
import { describe, expect, test } from 'vitest'
import { matches } from '../access/matches.ts'
import { documentedBoundary, documentedPolicies } from '../access/policies.ts'
import { type Condition, isAllowed, type Policy } from '../access/policy.ts'
import { kopsActions } from '../testing/kops-actions.ts'

const account = '111122223333'
const at = (service: string, path: string) => `arn:aws:${service}:us-east-1:${account}:${path}`
const iam = (path: string) => `arn:aws:iam::${account}:${path}`
const ours = { KubernetesCluster: 'usa.k8s.example.com' }
const others = { KubernetesCluster: 'shop.example.org' }
const requested = ({ KubernetesCluster }: typeof ours) => ({
  'aws:RequestTag/KubernetesCluster': [KubernetesCluster],
})
const kops = documentedPolicies().kops as Policy

type Case = { what: string; key: string; allowed: Need; refused: Need }

const vpc = at('ec2', 'vpc/vpc-1')
const role = iam('role/nodes.usa.k8s.example.com')
const boundary = iam('policy/meridian-machines')

/** What each bound of kops' policy allows, and what it keeps from other people's things. */
const bounds: Case[] = [
  {
    what: 'tags come onto what is just being made',
    key: 'ec2:CreateAction',
    allowed: { permission: 'ec2:CreateTags', resource: vpc, context: { 'ec2:CreateAction': ['CreateVpc'] } },
    refused: {
      permission: 'ec2:CreateTags',
      resource: vpc,
      context: { 'ec2:CreateAction': ['CreateFleet'] },
    },
  },
  {
    what: 'tags come onto what carries the tag of a cluster of ours',
    key: 'aws:ResourceTag/KubernetesCluster',
    allowed: { permission: 'ec2:CreateTags', resource: vpc, tags: ours },
    refused: { permission: 'ec2:CreateTags', resource: vpc, tags: {}, context: requested(ours) },
  },
  {
    what: 'machines are ended that carry the tag of a cluster of ours',
    key: 'aws:ResourceTag/KubernetesCluster',
    allowed: { permission: 'ec2:TerminateInstances', resource: at('ec2', 'instance/i-1'), tags: ours },
    refused: { permission: 'ec2:TerminateInstances', resource: at('ec2', 'instance/i-1'), tags: others },
  },
  {
    what: 'a network is made for a cluster of ours',
    key: 'aws:RequestTag/KubernetesCluster',
    allowed: { permission: 'ec2:CreateVpc', resource: at('ec2', 'vpc/*'), context: requested(ours) },
    refused: { permission: 'ec2:CreateVpc', resource: at('ec2', 'vpc/*'), context: requested(others) },
  },
  {
    what: 'a role is made within the boundary',
    key: 'iam:PermissionsBoundary',
    allowed: {
      permission: 'iam:CreateRole',
      resource: role,
      context: { 'iam:PermissionsBoundary': [boundary] },
    },
    refused: { permission: 'iam:CreateRole', resource: role, context: {} },
  },
  {
    what: 'a role gets a policy only within the boundary',
    key: 'iam:PermissionsBoundary',
    allowed: {
      permission: 'iam:PutRolePolicy',
      resource: role,
      context: { 'iam:PermissionsBoundary': [boundary] },
    },
    refused: {
      permission: 'iam:PutRolePolicy',
      resource: role,
      context: { 'iam:PermissionsBoundary': ['arn:aws:iam::aws:policy/AdministratorAccess'] },
    },
  },
  {
    what: 'a role is handed to machines of EC2',
    key: 'iam:PassedToService',
    allowed: {
      permission: 'iam:PassRole',
      resource: role,
      context: { 'iam:PassedToService': ['ec2.amazonaws.com'] },
    },
    refused: {
      permission: 'iam:PassRole',
      resource: role,
      context: { 'iam:PassedToService': ['lambda.amazonaws.com'] },
    },
  },
]

/** The policy without all that it says of one condition key. */
function without({ Version, Statement }: Policy, key: string): Policy {
  const strip = (condition: Condition = {}): Condition =>
    Object.fromEntries(
      Object.entries(condition).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).filter(([name]) => name !== key)),
      ]),
    )
  return { Version, Statement: Statement.map(each => ({ ...each, Condition: strip(each.Condition) })) }
}

describe.each(bounds)('$what', ({ key, allowed, refused }) => {
  test('and nothing else', () => {
    expect([isAllowed(kops, allowed), isAllowed(kops, refused)]).toEqual([true, false])
  })

  test(`by ${key}: without it more would be allowed`, () => {
    expect(isAllowed(without(kops, key), refused)).toBe(true)
  })
})

test.each([
  ['iam:CreateRole', iam('role/admin')],
  ['iam:PassRole', iam('role/masters.shop.example.org')],
  ['iam:DeleteRole', iam('role/nodes.shop.example.org')],
  ['iam:DeleteRolePermissionsBoundary', role],
  ['autoscaling:DeleteAutoScalingGroup', at('autoscaling', 'autoScalingGroup:1:autoScalingGroupName/web')],
  ['events:DeleteRule', at('events', 'rule/nightly')],
  ['sqs:DeleteQueue', at('sqs', 'orders')],
])('%s is not allowed on %s, whatever the request says', (permission, resource) => {
  const context = { 'iam:PermissionsBoundary': [boundary], 'iam:PassedToService': ['ec2.amazonaws.com'] }
  expect(isAllowed(kops, { permission, resource, tags: ours, context })).toBe(false)
})

const { machines } = kopsActions

describe('the boundary of machines', () => {
  const allows = documentedBoundary().Statement.flatMap(({ Action }) => Action)
  const isWithin = (action: string) => allows.some(pattern => matches(pattern, action))

  test.each(Object.entries(machines))('lets %s do what the real kops allows them', (_role, actions) => {
    expect(actions.filter(action => !isWithin(action))).toEqual([])
  })

  test('lets nobody make roles, hand them on or launch machines', () => {
    const power = [
      'iam:CreateRole',
      'iam:PassRole',
      'iam:PutRolePolicy',
      'sts:AssumeRole',
      'ec2:RunInstances',
    ]
    expect(power.filter(isWithin)).toEqual([])
  })
})

test('an operator of conditions that nobody knows is no permission', () => {
  const Condition = { NumericLessThan: { 'aws:MultiFactorAuthAge': '300' } }
  const Statement = [
    { Sid: 'A', Effect: 'Allow' as const, Action: ['s3:GetObject'], Resource: ['*'], Condition },
  ]
  const asked = { permission: 's3:GetObject', resource: '*' }

  expect(() => isAllowed({ Version: '2012-10-17', Statement }, asked)).toThrow('NumericLessThan')
})
