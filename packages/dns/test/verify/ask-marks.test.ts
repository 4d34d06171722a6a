import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { planGroup } from '../../src/plan/plan-group.ts'
import type { Answer } from '../../src/verify/ask-answer.ts'
import { askWhetherKnown, knowAll } from '../../src/verify/ask-marks.ts'
import { readGroup } from '../../src/zone/read-group.ts'
import { desire, fqdn, threeRegions } from '../groups.ts'
import { openRoute53 } from '../lab-route53.ts'
import { serveDns } from '../serve-dns.ts'

const says = (answer: Answer) => ({ server: 'ns', answers: new Map([['0.0.0.0/0', answer]]) })
const [fresh, old, gone] = [
  says({ records: ['new'] }),
  says({ records: ['old'] }),
  says({ records: [], problem: 'answered NXDOMAIN', absent: true }),
]
const silent = { server: 'ns', unreachable: 'did not answer' }

test.each([
  ['all have it', [fresh, fresh], 'new', true],
  ['one has the old', [fresh, old], 'new', false],
  ['one has none', [fresh, gone], 'new', false],
  ['one is silent', [silent, fresh], 'new', true],
  ['all are silent', [silent, silent], 'new', undefined],
  ['none are asked', [], 'new', undefined],
  ['it is gone from all', [gone, gone], undefined, true],
  ['it is gone from one', [gone, old], undefined, false],
  ['it is gone, but without proof', [says({ records: [], problem: 'answered SERVFAIL' })], undefined, false],
] as const)('%s', (_, heard, wanted, known) => {
  expect(knowAll(heard, wanted)).toBe(known)
})

test('the mark that a plan writes is asked for, of however many strings it is', async () => {
  await using lab = await openRoute53()
  const long = desire(threeRegions, {
    identity: {
      ...desire(threeRegions).identity,
      domain: `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.example.com`,
    },
  })
  const plan = planGroup(long, await readGroup(lab.client, lab.zone, fqdn))
  const value = plan.rows.find(({ record }) => record === 'owner')?.after?.ResourceRecords?.[0]?.Value ?? ''
  const strings = [...value.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text)
  expect(strings.length).toBe(2)
  await using dns = await serveDns(({ questions: [asked] = [] }) => ({
    answers: [{ type: 'TXT', name: asked?.name ?? '', data: strings }],
  }))
  const isKnown = askWhetherKnown(testJob().signal, fqdn, plan, [dns.server])
  expect(await isKnown?.()).toBe(true)
  expect(dns.queries[0]?.query.questions).toMatchObject([{ type: 'TXT', name: `_meridian.${fqdn}` }])
})

test('without a server, or a mark that changes, nobody is asked', async () => {
  await using lab = await openRoute53()
  const plan = planGroup(desire(threeRegions), await readGroup(lab.client, lab.zone, fqdn))
  const { signal } = testJob()
  expect(askWhetherKnown(signal, fqdn, plan, [])).toBeUndefined()
  const kept = { ...plan, rows: plan.rows.map(row => ({ ...row, ...(row.after && { before: row.after }) })) }
  expect(askWhetherKnown(signal, fqdn, kept, [{ host: '127.0.0.1', port: 1 }])).toBeUndefined()
})
