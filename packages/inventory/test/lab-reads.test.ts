import { availabilityZones, connectAws } from '@meridian/aws'
import { startUniverse } from '@meridian/lab-universe'
import { useUniverse } from '@meridian/lab-universe/testing'
import { testJob } from '@meridian/runner/testing'
import { describe, expect, test, vi } from 'vitest'
import { instanceStates, loadBalancers, networkInterfaces, taggedResources } from '../src/index.ts'

const tags = { KubernetesCluster: 'usa.k8s.example.com' }
const region = 'us-east-1'
const universe = useUniverse()

const connect = (inputs = {}) => connectAws(testJob({ env: universe().env }), inputs)

describe('against the lab', () => {
  test('zones have names and states', async () => {
    const zones = await availabilityZones(await connect(), region)
    expect(zones).toContainEqual({ name: 'us-east-1a', state: 'available' })
  })

  test('nothing is found where nothing is', async () => {
    const aws = await connect()
    expect(await taggedResources(aws, region, tags)).toEqual([])
    expect(await loadBalancers(aws, region, tags)).toEqual([])
    expect(await networkInterfaces(aws, region, { 'vpc-id': ['vpc-none'] })).toEqual([])
    expect(await instanceStates(aws, region, { 'tag:KubernetesCluster': ['none'] })).toEqual([])
  })

  test('a load balancer is found by its tags, and so is what it leaves in the network', async () => {
    universe().aws.elb.create({
      region,
      name: 'a1b2',
      type: 'classic',
      tags,
      listeners: [],
    })
    const aws = await connect()
    expect(await loadBalancers(aws, region, tags)).toMatchObject([{ name: 'a1b2', type: 'classic', tags }])
    expect(await loadBalancers(aws, region, { KubernetesCluster: 'other' })).toEqual([])
    expect(await taggedResources(aws, region, tags)).toMatchObject([
      { type: 'elasticloadbalancing:loadbalancer', region, tags },
    ])
  })

  test('a read whose answer was lost is repeated', async () => {
    const flaky = await startUniverse({ scale: 10_000, faults: ['drop-answer:1'] })
    vi.stubEnv('AWS_ENDPOINT_URL', flaky.url)
    const aws = await connectAws(testJob({ env: flaky.env }), {})
    expect(await availabilityZones(aws, region)).not.toEqual([])
    await flaky.close()
  })

  test('the account is checked if it is expected', async () => {
    const aws = await connect({ expectedAccountId: universe().world.accountId })
    expect(await aws.account()).toBe(universe().world.accountId)
    await expect(connect({ expectedAccountId: '999999999999' })).rejects.toThrow(
      'belong to account 111122223333',
    )
  })
})
