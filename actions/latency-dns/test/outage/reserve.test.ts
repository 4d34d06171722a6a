import { hurryTimers } from '@meridian/lab-world/testing'
import { describe, expect, test } from 'vitest'
import { openLab } from '../in-process.ts'

// The action's waits pass a hundred times as fast.
hurryTimers(100)

const endpoints = ['us-east-1', 'eu-west-1'].map(region => `${region}: ${region}.example.net`).join('\n')
const reserve = { record: 'web', mode: 'reserve' }

describe('a name that is reserved', () => {
  test('has an owner mark and no record, and Route 53 keeps everybody from making one', async () => {
    await using lab = await openLab()
    const job = await lab.run(reserve)
    expect(job.outputs).toMatchObject({ changed: true, records: [{ type: 'TXT' }] })
    expect(lab.stored('web').map(({ type }) => type)).toEqual(['TXT'])
    expect(lab.protections('web')).toEqual(['A', 'AAAA', 'CNAME', 'TXT'])
  })

  test('is found so by a second run, which writes nothing', async () => {
    await using lab = await openLab()
    await lab.run(reserve)
    const writes = lab.requests().filter(({ write }) => write).length
    expect((await lab.run(reserve)).outputs.changed).toBe(false)
    expect(lab.requests().filter(({ write }) => write)).toHaveLength(writes)
  })

  test.each([
    ['false', []],
    ['true', ['CNAME', 'TXT']],
  ])('gets its group from the first run that applies, protect: %s', async (protect, protections) => {
    await using lab = await openLab()
    await lab.run(reserve)
    await lab.run({ record: 'web', endpoints, protect })
    expect(lab.stored('web').map(({ type }) => type)).toEqual(['CNAME', 'CNAME', 'TXT'])
    expect(lab.protections('web')).toEqual(protections)
    expect((await lab.run(reserve)).outputs.changed).toBe(false)
  })

  test('is let go by destroy', async () => {
    await using lab = await openLab()
    await lab.run(reserve)
    await lab.run({ record: 'web', mode: 'destroy' })
    expect([lab.stored('web'), lab.protections('web')]).toEqual([[], []])
  })

  test('is refused to others', async () => {
    await using lab = await openLab()
    await lab.run(reserve)
    const other = { record: 'web', repository: 'acme/other' }
    for (const inputs of [
      { ...other, mode: 'reserve' },
      { ...other, endpoints },
    ])
      await expect(lab.run(inputs)).rejects.toThrow('web.k8s.example.com belongs to')
  })
})

test('a reservation that was cut short is finished by the next run', async () => {
  await using lab = await openLab()
  await lab.run(reserve)
  lab.universe.zone.protections.clear()
  expect((await lab.run(reserve)).outputs.changed).toBe(true)
  expect(lab.protections('web')).toEqual(['A', 'AAAA', 'CNAME', 'TXT'])
})

test('a name that leads somewhere is not reserved', async () => {
  await using lab = await openLab()
  const own = { name: 'web.k8s.example.com.', type: 'AAAA', ttl: 60, values: ['2001:db8::1'] }
  lab.universe.zone.records.put(own)
  await expect(lab.run(reserve)).rejects.toThrow(
    'cannot be reserved, since it already holds AAAA 60 s simple',
  )
  expect(lab.stored('web')).toEqual([own])
})

test.each([
  [undefined, 'DISABLED', 'its records cannot be changed'],
  [false, 'DISABLED', 'its records cannot be changed'],
  [true, 'ENABLED', 'can be changed again within about an hour'],
])('accelerated recovery of the zone is told: %s', async (on, status, words) => {
  await using lab = await openLab()
  if (on !== undefined) lab.universe.zone.acceleratedRecovery = on
  const ways: Record<string, string>[] = [{}, { 'zone-id': lab.universe.zone.id }]
  for (const inputs of ways) {
    const job = await lab.run({ record: 'web', mode: 'plan', endpoints, ...inputs })
    expect(job.outputs['accelerated-recovery']).toBe(status)
    expect(job.lines.join('\n')).toContain(words)
  }
})
