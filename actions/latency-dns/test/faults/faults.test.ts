import { hurryTimers } from '@meridian/lab-world/testing'
import { describe, expect, test } from 'vitest'
import { type Lab, openLab, type RecordSet } from '../in-process.ts'

const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1']
const endpointsTo = (target: string, of = regions) =>
  of.map(region => `${region}: ${region}.${target}.example.net`).join('\n')

/** What a record set says, whatever its name. */
const say = ({ type, region, ttl, values }: RecordSet) => [type, region, ttl, values].join(' ')
/** The groups that users were ever answered with: each entry the targets of one moment, without repetition. */
const moments = (lab: Lab, record: string) => {
  const told = lab
    .history(record)
    .map(sets => [...new Set(sets.map(set => set.values[0]?.split('.')[1]))].join('+') + sets.length)
  return told.filter((one, at) => one !== told[at - 1])
}

// The action's waits pass a hundred times as fast.
hurryTimers(100)

/** The other ways that the lab knows are no different for who meets them: a 503 is a 500, a late hang a reset. */
const ways = ['throttle', 'busy', 'error', 'reset-before', 'reset-after', 'hang', 'truncate'] as const

/**
 * Fails request k of a run in one way, for every k, and runs again, each time from where the run `before` has ended. `hang` is
 * ended as a timeout would end it. Returns how many requests there were to fail.
 */
async function sweep(
  lab: Lab,
  failure: (typeof ways)[number],
  inputs: Record<string, string>,
  check: (record: string) => void,
  before: Record<string, string> = { wait: 'false' },
): Promise<number> {
  const record = 'swept'
  await lab.run({ ...before, record, endpoints: endpointsTo('old') })
  expect(moments(lab, record)).toEqual(['0', 'old3'])
  const goBack = lab.keep()
  for (let nth = 1; ; nth += 1) {
    goBack()
    const fault = lab.universe.world.faults.requests.plan({ failure, nth, client: 'latency-dns' })
    const cancel = new AbortController()
    const watch = setInterval(() => fault.struck() > 0 && cancel.abort(), 5)
    const { signal } = failure === 'hang' ? cancel : new AbortController()
    await lab.run({ ...inputs, record }, { signal }).catch(() => {})
    clearInterval(watch)
    lab.universe.world.faults.requests.clear()
    await lab.run({ ...inputs, record })
    check(record)
    if (fault.struck() === 0) return nth - 1
  }
}

describe.each(ways)('whichever request meets: %s', failure => {
  test('an apply and its next run end as if nothing had been, and no moment is mixed or empty', async () => {
    await using lab = await openLab()
    const inputs = {
      endpoints: endpointsTo('new'),
      verify: 'true',
      'vantage-points': '[{city: Tokyo, subnet: 133.11.1.0/24, expected: ap-northeast-1}]',
    }
    await lab.run({ record: 'plain', endpoints: endpointsTo('old') })
    await lab.run({ ...inputs, record: 'plain' })
    const swept = await sweep(lab, failure, inputs, record => {
      expect(lab.stored(record).map(say)).toEqual(lab.stored('plain').map(say))
      expect(moments(lab, record)).toEqual(['old3', 'new3'])
    })
    expect(swept).toBeGreaterThanOrEqual(5)
  })

  test('a destroy and its next run leave nothing, and no moment is partial', async () => {
    await using lab = await openLab()
    const swept = await sweep(lab, failure, { mode: 'destroy' }, record => {
      expect(lab.stored(record)).toEqual([])
      expect(moments(lab, record)).toEqual(['old3', '0'])
    })
    expect(swept).toBeGreaterThanOrEqual(4)
  })
})

test.each(['throttle', 'error', 'reset-after', 'hang'] as const)(
  'whichever request meets: %s, a protected group is changed as a whole, and protected again',
  async failure => {
    await using lab = await openLab()
    const inputs = { protect: 'true', wait: 'false' }
    const swept = await sweep(
      lab,
      failure,
      { ...inputs, endpoints: endpointsTo('new') },
      record => {
        expect(moments(lab, record)).toEqual(['old3', 'new3'])
        expect(lab.protections(record)).toEqual(['CNAME', 'TXT'])
      },
      inputs,
    )
    expect(swept).toBeGreaterThanOrEqual(6)
  },
)
