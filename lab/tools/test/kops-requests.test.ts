import { kopsActions } from '@meridian/lab-aws/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { create, name, state } from '../testing/kops-cluster.ts'
import { openToolWorld, type ToolWorld } from '../testing/tool-world.ts'

const { seen } = kopsActions

let lab: ToolWorld

beforeEach(async () => {
  lab = await openToolWorld()
})
afterEach(() => lab.close())

/** What a command asked of AWS, by the action that it needs; the state store is another test's. */
async function askedBy(line: string): Promise<string[]> {
  const before = lab.world.requests.all().length
  await lab.kops(line)
  const asked = lab.world.requests.all().slice(before)
  const actions = asked.flatMap(({ permissions: [own] = [] }) => (own === undefined ? [] : [own]))
  return [...new Set(actions)].filter(action => !action.startsWith('s3:') && action !== forTheWorld).sort()
}

// Real machines start by themselves; the world has to be told which they are.
const forTheWorld = 'ec2:DescribeInstances'

const realIn = (phase: string) =>
  (seen[phase] ?? []).filter(action => !action.startsWith('s3:') && action !== forTheWorld)

// What moto keeps less of than AWS does, kops sets again, or tags when it is there already.
const onlyAtMoto = ['ec2:CreateTags', 'ec2:DescribeTags', 'ec2:ModifySubnetAttribute']

test('a cluster is made, found, changed and removed with the requests of the real kops', async () => {
  expect(await askedBy(`${create} --yes`)).toEqual(realIn('create'))
  const update = `update cluster ${name} ${state} --yes`
  expect(await askedBy(update)).toEqual(realIn('update').filter(action => !onlyAtMoto.includes(action)))
  expect(await askedBy(`export kubeconfig ${name} ${state} --admin=4h`)).toEqual(realIn('export'))
  await lab.kops(`edit ig nodes-us-east-1a --name=${name} ${state} --set=spec.minSize=2 --set=spec.maxSize=2`)
  expect(await askedBy(update)).toEqual(realIn('resize').filter(action => !onlyAtMoto.includes(action)))
  expect(await askedBy(`delete cluster ${name} ${state} --yes`)).toEqual(realIn('delete'))
})

test('a network comes first, then what lies in it, then what starts machines', async () => {
  await lab.kops(`${create} --yes`)
  const made = lab.world.requests.all().map(({ operation }) => operation)
  const order = [
    'CreateVpc',
    'AssociateVpcCidrBlock',
    'CreateSubnet',
    'AuthorizeSecurityGroupIngress',
    'CreateLoadBalancer',
    'CreateListener',
    'CreateLaunchTemplate',
    'CreateAutoScalingGroup',
    'PutLifecycleHook',
  ]
  const places = order.map(operation => made.indexOf(operation))
  expect(places).toEqual([...places].sort((a, b) => a - b))
  expect(places).not.toContain(-1)
})

test('what is made is what was asked for', async () => {
  await lab.kops(`${create} --yes`)
  const one = (type: 'vpc' | 'subnet' | 'security-group' | 'iam-role') =>
    lab.world.inventory.list({ type })[0]?.attributes
  expect(one('vpc')).toMatchObject({ cidrBlock: '172.20.0.0/16', enableDnsHostnames: 'true' })
  expect(one('vpc')).toHaveProperty('ipv6CidrBlock')
  expect(one('subnet')).toMatchObject({
    availabilityZone: 'us-east-1a',
    privateDnsHostnameTypeOnLaunch: 'resource-name',
  })
  const open = { egress: false, from: '443', source: { kind: 'cidr4', value: '0.0.0.0/0' } }
  expect(one('security-group')?.rules).toEqual(expect.arrayContaining([expect.objectContaining(open)]))
  expect(one('iam-role')).not.toHaveProperty('boundary')
})
