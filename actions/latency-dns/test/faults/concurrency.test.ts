import { applyBatch } from '@meridian/lab-route53'
import { hurryTimers } from '@meridian/lab-world/testing'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Lab, openLab, type RecordSet } from '../in-process.ts'

// The action's waits pass a hundred times as fast.
hurryTimers(100)

const allRegions = ['us-east-1', 'eu-west-1', 'ap-northeast-1', 'sa-east-1']
const endpoints = (plan: string, regions = allRegions.slice(0, 3)) =>
  regions.map(region => `${region}: ${plan}.${region}.example.net`).join('\n')

/** Whose plan a latency record is of, by the first label of its target. */
const planOf = (set: RecordSet) => set.values[0]?.split('.')[0] ?? ''
const groupOf = (sets: readonly RecordSet[]) =>
  sets.filter(({ region, type }) => region !== undefined && type === 'CNAME')
/** Each moment's plans with the number of their records, such as `left3`; more than one were a mixed group. */
const moments = (lab: Lab, record: string) => [
  ...new Set(
    lab.history(record).map(sets => [...new Set(groupOf(sets).map(planOf))].join('+') + groupOf(sets).length),
  ),
]

test('two applies at once: one after the other holds whole, at every moment', async () => {
  await using lab = await openLab()
  const runs = ['left', 'right'].map(plan => lab.run({ record: 'app', endpoints: endpoints(plan) }))
  await Promise.all(runs)
  expect(moments(lab, 'app').every(moment => ['0', 'left3', 'right3'].includes(moment))).toBe(true)
  expect(lab.stored('app').length).toBe(4)
})

test('an apply beside a destroy: the group is there whole, or not at all', async () => {
  await using lab = await openLab()
  for (let round = 1; round <= 5; round += 1) {
    const record = `app-${round}`
    await lab.run({ record, endpoints: endpoints('old') })
    await Promise.all([
      lab.run({ record, endpoints: endpoints('new') }),
      lab.run({ record, mode: 'destroy' }),
    ])
    expect(moments(lab, record).every(moment => ['0', 'old3', 'new3'].includes(moment))).toBe(true)
    expect([0, 4]).toContain(lab.stored(record).length)
  }
})

type ForeignWrite = { before: number; what: keyof typeof foreign }
const name = 'app.k8s.example.com.'
const text = (owner: string) => `"heritage=meridian,owner=${owner},group=0"`
/** What others may write to the name, each as one batch. */
const foreign = {
  mail: [{ name, type: 'MX', ttl: 60, values: ['10 mail.example.com'] }],
  address: [{ name, type: 'A', ttl: 60, values: ['192.0.2.1'] }],
  weighted: [
    { name, type: 'CNAME', setIdentifier: 'w', weight: '1', ttl: 60, values: ['foreign.example.org'] },
  ],
  mark: [{ name: `_meridian.${name}`, type: 'TXT', ttl: 300, values: [text('pr-7')] }],
  group: [
    ...allRegions.slice(2).map(region => ({
      name,
      type: 'CNAME',
      setIdentifier: region,
      region,
      ttl: 60,
      values: [`foreign.${region}.example.org`],
    })),
    { name: `_meridian.${name}`, type: 'TXT', ttl: 300, values: [text('pr-7')] },
  ],
  neighbour: [{ name: `x.${name}`, type: 'A', ttl: 60, values: ['192.0.2.2'] }],
} satisfies Record<string, RecordSet[]>

/** Lets others write when the action's request of that number has been carried out, before it hears the answer. */
function interfere(lab: Lab, writes: readonly ForeignWrite[]): RecordSet[] {
  const { zone, world } = lab.universe
  const made: RecordSet[] = []
  const { record } = world.requests
  let count = 0
  world.requests.record = request => {
    record(request)
    count += 1
    for (const { what } of writes.filter(({ before }) => before === count)) {
      const result = applyBatch(
        zone,
        foreign[what].map(set => ({ action: 'CREATE', record: set })),
      )
      if ('problems' in result) continue
      zone.records = result.records
      made.push(...foreign[what])
    }
  }
  return made
}

const run = fc.oneof(
  fc.record({
    plan: fc.constantFrom('left', 'right'),
    regions: fc.subarray(allRegions, { minLength: 1 }),
  }),
  fc.constant('destroy' as const),
)

test('whatever others write in between, nothing of theirs is touched and the group is never mixed', async () => {
  const history = fc.record({
    runs: fc.array(fc.array(run, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 }),
    writes: fc.array(
      fc.record({
        before: fc.integer({ min: 1, max: 12 }),
        what: fc.constantFrom<keyof typeof foreign>(...(Object.keys(foreign) as (keyof typeof foreign)[])),
      }),
      { maxLength: 3 },
    ),
  })
  await fc.assert(
    fc.asyncProperty(history, async ({ runs, writes }) => {
      await using lab = await openLab()
      const made = interfere(lab, writes)
      for (const together of runs) {
        const inputs = together.map(
          (one): Record<string, string> =>
            one === 'destroy'
              ? { mode: 'destroy' }
              : { endpoints: endpoints(one.plan, one.regions), 'max-deletes': '4' },
        )
        const results = await Promise.allSettled(
          inputs.map(one => lab.run({ record: 'app', wait: 'false', ...one })),
        )
        for (const result of results)
          if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'UserError' })
      }
      for (const set of made) expect(lab.universe.zone.records.find(set)).toEqual(set)
      const plans = new Set(
        runs.flat().flatMap(one => (one === 'destroy' ? [] : [`${one.plan}${one.regions.length}`])),
      )
      for (const moment of moments(lab, 'app'))
        expect(['0', 'foreign1', 'foreign2', ...plans]).toContain(moment)
    }),
    { numRuns: 40 },
  )
})

test('an approved plan is not carried out once somebody else has changed the name', async () => {
  await using lab = await openLab()
  const planned = await lab.run({ record: 'app', endpoints: endpoints('left'), mode: 'plan' })
  const { digest } = planned.outputs.plan as { digest: string }
  await lab.run({ record: 'app', endpoints: endpoints('right') })
  const approved = { record: 'app', endpoints: endpoints('left'), 'approved-plan': digest }
  await expect(lab.run(approved)).rejects.toThrow(`but ${digest} was approved`)
  expect(moments(lab, 'app')).toEqual(['0', 'right3'])
  await lab.run({ record: 'app', mode: 'destroy' })
  await lab.run(approved)
  expect(moments(lab, 'app')).toContain('left3')
})
