import { expect, test } from 'vitest'
import { rememberedSeconds, unmovedCities } from '../../src/change/drain.ts'
import { orderClusters } from '../../src/order-clusters.ts'
import { openLab } from '../in-process.ts'

const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1']
const endpoints = regions.map(region => `${region}: ${region}.example.net`).join('\n')
const jpn = 'ap-northeast-1'

test('a region goes and comes back in one call each, and is never half back', async () => {
  await using lab = await openLab()
  await lab.run({ record: 'web', endpoints })
  await lab.run({ record: 'web', mode: 'take-out', regions: jpn, 'max-out': '1', 'drain-time': '1s' })
  const back = await lab.run({ record: 'web', mode: 'bring-back', regions: jpn, endpoints })
  expect(back.outputs.out).toEqual([])
  expect(lab.history('web').map(sets => sets.length)).toEqual([0, 3, 2, 3])
  const again = await lab.run({ record: 'web', mode: 'bring-back', regions: jpn, endpoints })
  expect(again.outputs.changed).toBe(false)
})

test('a region that only its note keeps out is let in by the note alone', async () => {
  await using lab = await openLab()
  await lab.run({ record: 'web', endpoints })
  await lab.run({ record: 'web', mode: 'take-out', regions: jpn })
  await lab.run({ record: 'web', mode: 'bring-back', regions: jpn })
  await lab.run({ record: 'web', endpoints })
  expect(lab.stored('web').flatMap(({ region }) => region ?? [])).toContain(jpn)
})

test('a second region is not taken out while one is, where only one may be', async () => {
  await using lab = await openLab()
  await lab.run({ record: 'web', endpoints })
  await lab.run({ record: 'web', mode: 'take-out', regions: jpn, 'max-out': '1' })
  const again = await lab.run({ record: 'web', mode: 'take-out', regions: jpn, 'max-out': '1' })
  expect(again.outputs.changed).toBe(false)
  const refused = lab.run({ record: 'web', mode: 'take-out', regions: 'eu-west-1', 'max-out': '1' })
  await expect(refused).rejects.toThrow(`out of it already: ${jpn}`)
})

test('a change that name servers may not know yet is not waited for and then relied on', async () => {
  await using lab = await openLab()
  await lab.run({ record: 'web', endpoints })
  lab.universe.world.faults.begin('stuck-changes')
  const inputs = { record: 'web', mode: 'take-out', regions: jpn, 'drain-time': 'ttl', 'wait-timeout': '1s' }
  await expect(lab.run(inputs)).rejects.toThrow(`are known to have left out ${jpn}`)
})

test('a look tells what is out, and in which order to go on, and changes nothing', async () => {
  await using lab = await openLab()
  await lab.run({ record: 'web', endpoints })
  await lab.run({ record: 'web', mode: 'take-out', regions: jpn })
  const clusters = JSON.stringify(regions.map(region => ({ name: region.slice(0, 2), region })))
  const { outputs } = await lab.run({ record: 'web', mode: 'look', clusters })
  expect(outputs).toMatchObject({ out: [jpn], changed: false })
  expect((outputs.order as { name: string }[]).map(({ name }) => name)).toEqual(['ap', 'eu', 'us'])
  await expect(lab.run({ record: 'other', mode: 'look', clusters })).rejects.toThrow('no latency group')
})

test('inputs that the mode has no use for are refused, and regions to bring back must be served', async () => {
  await using lab = await openLab()
  const back = lab.run({
    record: 'web',
    mode: 'bring-back',
    regions: jpn,
    endpoints: 'eu-west-1: a.example.net',
  })
  await expect(back).rejects.toThrow(`has none in ${jpn}`)
  await expect(lab.run({ record: 'web', endpoints, 'max-out': '1' })).rejects.toThrow('is for mode take-out')
})

test.each([
  ['the host is last', undefined, [], 'bca'],
  ['another host is last', 'b', [], 'acb'],
  ['what is out is first', undefined, ['rc'], 'cba'],
  ['so is a host that is out', undefined, ['ra'], 'abc'],
])('%s', (_, host, out, order) => {
  const clusters = [...'abc'].map(name => ({ name, region: `r${name}` }))
  const names = orderClusters(clusters, { host, out }).map(({ name }) => name)
  expect(names.join('')).toBe(order)
})

test('resolvers are waited for as long as the records of the group may be remembered', () => {
  const row = (TTL?: number) => ({
    action: 'keep' as const,
    record: 'latency' as const,
    subject: '',
    before: { Name: 'web', Type: 'CNAME' as const, ...(TTL && { TTL }) },
  })
  expect(rememberedSeconds({ kind: 'nothing', rows: [row(30), row(120)] })).toBe(120)
  expect(rememberedSeconds({ kind: 'nothing', rows: [row()] })).toBe(60)
})

test('a city has not moved if it is answered with what stands no more', () => {
  const city = { subnet: '', expected: 'us-east-1', ok: false }
  expect(
    unmovedCities([
      { ...city, city: 'Osaka', answer: ['old.example.net'], problem: 'unknown' },
      { ...city, city: 'Rome', answer: ['a.example.net'], region: 'eu-west-1' },
      { ...city, city: 'Lima', answer: [], problem: 'did not get an answer' },
    ]),
  ).toEqual(['Osaka'])
})
