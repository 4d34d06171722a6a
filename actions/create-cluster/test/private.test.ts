import { fileURLToPath } from 'node:url'
import { runAction } from '@meridian/lab-runner'
import { labBoundary, startUniverse } from '@meridian/lab-universe'
import { expect, onTestFinished, test } from 'vitest'

test('a private cluster goes out by a NAT gateway for each zone, and its machines are in the subnets behind them', async () => {
  const universe = await startUniverse({ scale: 3_000 })
  onTestFinished(universe.close)
  const run = (attempt: string) =>
    runAction({
      dir: fileURLToPath(new URL('..', import.meta.url)),
      inputs: {
        name: 'usa',
        domain: 'k8s.example.com',
        zones: 'us-east-1a,us-east-1b',
        topology: 'private',
        'node-count': '2',
        'permissions-boundary': labBoundary,
        timeout: '60m',
      },
      env: { ...universe.env, GITHUB_RUN_ATTEMPT: attempt },
    })
  const { inventory } = universe.world

  const first = await run('1')
  expect(first.annotations.map(({ message }) => message)).toEqual([])
  expect(first.outputs.created).toBe('true')
  expect(inventory.list({ type: 'natgateway' }).map(({ state }) => state)).toEqual(['available', 'available'])
  expect(inventory.list({ type: 'elastic-ip' })).toHaveLength(2)
  const subnets = inventory.list({ type: 'subnet' })
  const machines = inventory.list({ type: 'instance', state: 'running' })
  const places = machines.map(({ attributes }) => subnets.find(({ id }) => id === attributes.subnetId))
  expect(places.map(place => place?.tags.SubnetType)).toEqual(['Private', 'Private', 'Private'])
  // Three machines, their volumes, the load balancer of the API and both gateways.
  expect(Number(first.outputs['hourly-cost'])).toBeGreaterThan(3 * 0.0416 + 0.0225 + 2 * 0.045)

  const second = await run('2')
  expect(second.annotations.map(({ message }) => message)).toEqual([])
  expect(second.outputs.created).toBe('false')
  expect(inventory.list({ type: 'natgateway' })).toHaveLength(2)
})
