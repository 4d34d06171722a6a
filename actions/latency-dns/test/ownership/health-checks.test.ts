import { CreateHealthCheckCommand, Route53Client } from '@aws-sdk/client-route-53'
import { expect, test } from 'vitest'
import { type Lab, openLab } from '../in-process.ts'

const regions = ['us-east-1', 'eu-west-1']
const endpoints = regions.map(region => `${region}: ${region}.example.net`).join('\n')

type RecordSet = ReturnType<Lab['stored']>[number]

/** What somebody else does to a record of the name, with some tool of AWS. */
function attach({ universe: { zone, domain } }: Lab, region: string, members: Partial<RecordSet>) {
  const own = zone.records.at(`web.${domain}.`).find(set => set.region === region)
  if (own === undefined) throw new Error(`there is no record in ${region}`)
  zone.records.put({ ...own, ...members })
}

async function makeHealthCheck({ universe: { aws, url } }: Lab): Promise<string> {
  const client = new Route53Client({ region: 'us-east-1', credentials: aws.credentials, endpoint: url })
  const HealthCheckConfig = { Type: 'TCP' as const, IPAddress: '192.0.2.1', Port: 80 }
  const made = await client.send(new CreateHealthCheckCommand({ CallerReference: 'a', HealthCheckConfig }))
  client.destroy()
  return made.HealthCheck?.Id ?? ''
}

const checksOf = (lab: Lab) =>
  Object.fromEntries(lab.stored('web').flatMap(set => (set.region ? [[set.region, set.healthCheckId]] : [])))

test('a health check that somebody attaches survives a run with nothing to do, a change, an outage and the return', async () => {
  await using lab = await openLab()
  await lab.run({ record: 'web', endpoints })
  const id = await makeHealthCheck(lab)
  attach(lab, 'us-east-1', { healthCheckId: id })

  const again = await lab.run({ record: 'web', endpoints })
  expect(again.outputs.changed).toBe(false)
  expect(again.outputs.records).toContainEqual(expect.objectContaining({ healthCheckId: id }))
  expect(again.summaries.join()).toContain(id)

  await lab.run({ record: 'web', endpoints, ttl: '30' })
  expect(checksOf(lab)).toEqual({ 'us-east-1': id, 'eu-west-1': undefined })

  await lab.run({ record: 'web', mode: 'take-out', regions: 'us-east-1' })
  await lab.run({ record: 'web', mode: 'bring-back', regions: 'us-east-1' })
  await lab.run({ record: 'web', endpoints, ttl: '30' })
  expect(checksOf(lab)).toEqual({ 'us-east-1': id, 'eu-west-1': undefined })
})

test('health checks are attached and taken off by region; one that does not exist is refused with the input', async () => {
  await using lab = await openLab()
  const id = await makeHealthCheck(lab)
  await lab.run({ record: 'web', endpoints, 'health-checks': `{us-east-1: ${id}, eu-west-1: ${id}}` })
  await lab.run({ record: 'web', endpoints, 'health-checks': 'eu-west-1: none' })
  expect(checksOf(lab)).toEqual({ 'us-east-1': id, 'eu-west-1': undefined })
  await expect(
    lab.run({ record: 'web', endpoints, 'health-checks': 'eu-west-1: absent' }),
  ).rejects.toMatchObject({
    message: expect.stringContaining('A health check with id absent does not exist'),
    input: 'health-checks',
  })
})

test('a record with a member that the SDK passes over is refused by its name, and nothing is written', async () => {
  await using lab = await openLab()
  await lab.run({ record: 'web', endpoints })
  attach(lab, 'us-east-1', { rest: { NewMember: { Anything: '1' } } })
  const { world } = lab.universe
  const writes = world.requests.all().filter(({ write }) => write).length
  const runs: Record<string, string>[] = [
    { endpoints, ttl: '30' },
    { mode: 'destroy' },
    { mode: 'take-out', regions: 'us-east-1' },
  ]
  for (const inputs of runs)
    await expect(lab.run({ record: 'web', ...inputs })).rejects.toThrow(/cannot keep.*NewMember of CNAME/)
  expect(world.requests.all().filter(({ write }) => write)).toHaveLength(writes)
  await expect(lab.run({ record: 'web', mode: 'take-out', regions: 'eu-west-1' })).resolves.toBeDefined()
})
