import { hurryTimers } from '@meridian/lab-world/testing'
import { expect, test } from 'vitest'
import { type Lab, openLab } from '../in-process.ts'

// The action's waits pass a hundred times as fast.
hurryTimers(100)

const endpoints = ['us-east-1', 'eu-west-1'].map(region => `${region}: ${region}.example.net`).join('\n')
const changes = (lab: Lab) =>
  lab.requests().filter(({ operation, error }) => operation === 'ChangeResourceRecordSets' && !error).length

/** Has the zone forget the first so many changes after they were accepted, as a failover may do. */
function forgetChanges({ universe: { zone, world } }: Lab, most: number) {
  const before = zone.records
  const { record } = world.requests
  let count = 0
  world.requests.record = request => {
    record(request)
    if (request.operation !== 'ChangeResourceRecordSets' || request.error !== undefined) return
    count += 1
    if (count <= most) zone.records = before
  }
}

test('a change that was accepted and is lost in a failover is sent again', async () => {
  await using lab = await openLab({ faults: ['lost-changes'] })
  forgetChanges(lab, 1)
  const job = await lab.run({ record: 'web', endpoints })
  expect(job.lines.join('\n')).toContain('was accepted and is lost')
  expect([lab.stored('web').length, changes(lab)]).toEqual([3, 2])
})

test('one that is lost each time is sent twice, and told', async () => {
  await using lab = await openLab({ faults: ['lost-changes'] })
  forgetChanges(lab, 9)
  const job = await lab.run({ record: 'web', endpoints })
  expect(job.lines).toContain('The change is lost: Route 53 does not know it')
  expect(changes(lab)).toBe(2)
})

test('one that Route 53 does not know but has carried out is told and not sent again', async () => {
  await using lab = await openLab({ faults: ['lost-changes'] })
  const job = await lab.run({ record: 'web', endpoints })
  expect(job.lines.join('\n')).toContain('not known to be on all name servers yet: Route 53 does not know it')
  expect(changes(lab)).toBe(1)
})

test('what somebody else has changed since is not sent again', async () => {
  await using lab = await openLab({ faults: ['lost-changes'] })
  forgetChanges(lab, 1)
  const { zone, world } = lab.universe
  const { record } = world.requests
  const other = { name: 'web.k8s.example.com.', type: 'MX', ttl: 60, values: ['10 mail.example.com'] }
  world.requests.record = request => {
    record(request)
    if (request.operation === 'GetChange') zone.records.put(other)
  }
  await expect(lab.run({ record: 'web', endpoints })).resolves.toBeDefined()
  expect(changes(lab)).toBe(1)
})

test('of two equal applies at once both pass strictly, and one has changed something', async () => {
  await using lab = await openLab({ scale: 1_000 })
  const inputs = { record: 'web', endpoints, verify: 'strict', 'name-servers': lab.universe.nameServer }
  const vantage =
    '[{city: New York, subnet: 128.59.1.0/24, expected: us-east-1}, {city: Dublin, subnet: 134.226.1.0/24, expected: eu-west-1}]'
  const runs = ['a', 'b'].map(() => lab.run({ ...inputs, 'vantage-points': vantage }))
  const changed = (await Promise.all(runs)).map(({ outputs }) => outputs.changed)
  expect(changed.sort()).toEqual([false, true])
})
