import { hurryTimers } from '@meridian/lab-world/testing'
import { expect, test } from 'vitest'
import { openLab } from '../in-process.ts'

const scale = 20
// The action's waits pass as much faster as the world does.
hurryTimers(scale)

const three = ['us-east-1', 'eu-west-1', 'ap-northeast-1']
  .map(region => `${region}: ${region}.example.net`)
  .join('\n')

test('in a zone of 10 000 names, a run with nothing to do makes two reads and no write, and says so', async () => {
  await using lab = await openLab()
  const { zone, domain } = lab.universe
  for (let at = 0; at < 10_000; at += 1)
    zone.records.put({ name: `n${at}.${domain}.`, type: 'A', ttl: 60, values: ['192.0.2.1'] })
  const inputs = { record: 'n5000', endpoints: three, verify: 'false' }
  await expect(lab.run(inputs)).rejects.toThrow('already holds A 60 s simple')
  await lab.run({ ...inputs, record: 'app' })
  const start = lab.requests().length
  const job = await lab.run({ ...inputs, record: 'app' })
  expect(
    lab
      .requests()
      .slice(start)
      .map(({ operation }) => operation),
  ).toEqual(['ListHostedZonesByName', 'ListResourceRecordSets'])
  expect(job.outputs.changed).toBe(false)
  expect(job.lines.join('\n')).toContain(
    'Nothing to do: app.k8s.example.com is as wanted (2 reads, 0 writes)',
  )
})

test('a hundred environments that apply at once at five requests a second all converge', async () => {
  await using lab = await openLab({ scale })
  // Ten requests make a second, however many of them the machine carries out in one of its own.
  lab.universe.world.clock.elapsed = () => lab.requests().length / 10
  const environments = Array.from({ length: 100 }, (_, at) => `pr-${at}`)
  const jobs = await Promise.all(
    environments.map(environment => lab.run({ record: 'app', environment, endpoints: three, wait: 'false' })),
  )
  expect(jobs.every(job => job.outputs.changed === true)).toBe(true)
  const sets = environments.map(environment => lab.stored(`app.${environment}`).length)
  expect(new Set(sets)).toEqual(new Set([4]))
  expect(lab.requests().filter(({ error }) => error === 'Throttling').length).toBeGreaterThan(100)
})
