import { expect, test } from 'vitest'
import { openLab } from '../in-process.ts'

const endpoints = ['us-east-1', 'eu-west-1', 'ap-northeast-1']
  .map(region => `${region}: ${region}.example.net`)
  .join('\n')
const jpn = 'ap-northeast-1'

test('a region that is taken out stays out until it is brought back, as the advice says, whatever runs between', async () => {
  await using lab = await openLab()
  const regionsNow = () => lab.stored('web').flatMap(({ region }) => region ?? [])
  await lab.run({ record: 'web', endpoints })

  const out = await lab.run({ record: 'web', mode: 'take-out', regions: jpn })
  expect(regionsNow()).toEqual(['eu-west-1', 'us-east-1'])
  expect(out.outputs.out).toEqual([jpn])

  const between = await lab.run({ record: 'web', endpoints })
  expect(between.outputs.changed).toBe(false)
  const advice = between.lines.join('\n')
  expect(advice).toContain(
    `run latency-dns with mode: bring-back, regions: ${jpn}, domain: k8s.example.com, record: web.`,
  )

  await lab.run({ record: 'web', mode: 'bring-back', regions: jpn })
  await lab.run({ record: 'web', endpoints })
  expect(regionsNow()).toEqual([jpn, 'eu-west-1', 'us-east-1'])
})

test('taking a region out asks nobody but Route 53, and says who answers where afterwards', async () => {
  await using lab = await openLab()
  await lab.run({ record: 'web', endpoints })
  const before = lab.universe.world.requests.all().length
  const verified = { verify: 'true', 'name-servers': lab.universe.nameServer }
  const out = await lab.run({ record: 'web', mode: 'take-out', regions: jpn, ...verified })
  const services = new Set(
    lab.universe.world.requests
      .all()
      .slice(before)
      .map(({ service }) => service),
  )
  expect([...services].sort()).toEqual(['route53', 'sts'])
  expect(JSON.stringify(out.outputs.verification)).not.toContain(jpn)
})

test('the last region is not taken out', async () => {
  await using lab = await openLab()
  await lab.run({ record: 'web', endpoints: `${jpn}: lb.example.net` })
  await expect(lab.run({ record: 'web', mode: 'take-out', regions: jpn })).rejects.toThrow('with 0 regions')
})

test('regions must be named', async () => {
  await using lab = await openLab()
  await expect(lab.run({ record: 'web', mode: 'take-out' })).rejects.toThrow(
    'input regions: is required in mode take-out',
  )
})
