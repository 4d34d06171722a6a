import { connectAws } from '@meridian/aws'
import type { ClusterDescriptor } from '@meridian/identity'
import { startUniverse } from '@meridian/lab-universe'
import { stubAws } from '@meridian/lab-universe/testing'
import { testJob } from '@meridian/runner/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { findBalancers } from '../../src/clusters/find-balancers.ts'

const cluster: ClusterDescriptor = {
  name: 'usa',
  region: 'us-east-1',
  zones: [],
  provider: 'eks',
  eksName: 'shop',
  fullName: 'usa.k8s.example.com',
  stateStore: '',
}
const balancer = {
  type: 'LoadBalancer',
  loadBalancerClass: 'service.k8s.aws/nlb',
  ports: [{ port: 80 }],
}

test('of the load balancers that were to go those are leaks that AWS has still, and no others', async () => {
  const universe = await startUniverse({ scale: 10_000 })
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await universe.close()
  })
  stubAws(universe)
  const shop = await universe.addEksCluster('shop', { loadBalancerController: true })
  const { store } = shop.running()
  const hostnameOf = (name: string) => {
    const { loadBalancer } = (store.get('Service', 'default', name)?.status ?? {}) as {
      loadBalancer?: { ingress?: { hostname: string }[] }
    }
    return loadBalancer?.ingress?.[0]?.hostname
  }
  for (const name of ['web', 'other'])
    store.create('Service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'default' },
      spec: balancer,
    })
  await expect.poll(() => hostnameOf('web') && hostnameOf('other')).toBeTruthy()

  const job = testJob({ env: universe.env })
  const work = { job, aws: await connectAws(job, {}) }
  const hostnames = [hostnameOf('web') ?? '', 'k8s-gone-0123456789abcdef.elb.us-east-1.amazonaws.com']
  expect(await findBalancers(work, [{ cluster, hostnames }])).toEqual([
    {
      id: expect.stringMatching(
        /^arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer\/net\/k8s-default-web-/,
      ),
      type: 'elasticloadbalancing:loadbalancer',
      region: 'us-east-1',
      hourlyCost: expect.any(Number),
      cluster: 'usa.k8s.example.com',
      tags: expect.objectContaining({ 'elbv2.k8s.aws/cluster': 'shop' }),
    },
  ])
  expect(await findBalancers(work, [{ cluster, hostnames: [] }])).toEqual([])
})
