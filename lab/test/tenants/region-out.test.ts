import { labDomain as domain } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shop } from '../ownership/owners.ts'
import { startPlatform, type TenantWorld } from './tenant-world.ts'

let world: TenantWorld
beforeAll(async () => {
  world = await startPlatform()
})
afterAll(() => world.close())

const tenant = { environment: 'pr-1' }
const record = `web-${shop.id}`
const name = { domain, environment: 'pr-1', record }
const quick = { verify: 'false', wait: 'false' }

/** Deploys as a workflow does; returns the regions that serve, and what was said. */
async function deploy() {
  const { job, error } = await world.deploy(tenant, { record })
  expect(error).toBeUndefined()
  const endpoints = job.outputs.endpoints as { region: string }[]
  const dns = await world.act('latency-dns', { ...name, ...quick, endpoints: JSON.stringify(endpoints) })
  expect(dns.error).toBeUndefined()
  return { regions: endpoints.map(({ region }) => region), said: job.lines.join('\n') }
}
const outage = (mode: string) => world.act('latency-dns', { ...name, ...quick, mode, regions: 'eu-west-1' })

test('a region that is taken out of a name gets no replicas of its app until it is brought back', async () => {
  expect((await deploy()).regions.sort()).toEqual(['eu-west-1', 'us-east-1'])

  expect((await outage('take-out')).error).toBeUndefined()
  const without = await deploy()
  expect(without.regions).toEqual(['us-east-1'])
  expect(without.said).toContain(
    'eu-west-1 is taken out of web-1001: deployed without eur. To bring it back, run latency-dns with mode: bring-back, then this again.',
  )

  expect((await outage('bring-back')).error).toBeUndefined()
  expect((await deploy()).regions.sort()).toEqual(['eu-west-1', 'us-east-1'])
})
