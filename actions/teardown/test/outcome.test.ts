import { summaryFaults, testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { interfaceDescription } from '../src/clusters/balancers.ts'
import { describeThing, openLedger } from '../src/ledger.ts'
import { explainRest } from '../src/run.ts'
import { renderOutcome } from '../src/summary.ts'

const cluster = { type: 'cluster', id: 'usa.k8s.example.com', region: 'us-east-1' } as const
const bucket = { type: 'state-bucket', id: 'usa.k8s.example.com-state', region: 'us-east-1' } as const
const leak = { id: 'vol-1', type: 'ec2:volume', region: 'us-east-1', hourlyCost: 0.01, cluster: cluster.id }

test('a ledger keeps what remains, and puts out each deletion at once', () => {
  const job = testJob()
  const ledger = openLedger(job)
  ledger.found(cluster)
  ledger.found(bucket)
  ledger.deleted(cluster)
  expect(ledger.remaining).toEqual([bucket])
  expect(job.outputs.deleted).toEqual([cluster])
})

test('a thing is told with its region', () => {
  expect(describeThing(bucket)).toBe('state bucket usa.k8s.example.com-state (us-east-1)')
})

test.each([
  ['a0123-456.us-east-1.elb.amazonaws.com', 'ELB a0123'],
  ['internal-a0123-456.us-east-1.elb.amazonaws.com', 'ELB a0123'],
  ['web-0123456789abcdef.elb.eu-west-1.amazonaws.com', 'ELB net/web/*'],
  ['www.example.com', undefined],
])('%s has interfaces described as %s', (hostname, description) => {
  expect(interfaceDescription(hostname)).toBe(description)
})

test('what is left is one error that names each thing and the price of all', () => {
  const outcome = { problems: ['eur: kops was killed'], leaks: [leak, { ...leak, id: 'vol-2' }] }
  const { message } = explainRest(outcome, [cluster])
  expect(explainRest({ problems: [], leaks: [] }, [cluster]).message).toContain(
    `- not deleted: cluster ${cluster.id}`,
  )
  expect(message.split('\n')).toEqual([
    'not everything is deleted:',
    '- eur: kops was killed',
    '- left over: ec2:volume vol-1 in us-east-1 ($0.0100 per hour)',
    '- left over: ec2:volume vol-2 in us-east-1 ($0.0100 per hour)',
    'Together: $0.0200 per hour.',
  ])
})

test.each([
  [
    { gone: [], remaining: [], leaks: [], problems: [] },
    '### ✅ Teardown of <code>default</code>: nothing was there\n',
  ],
  [
    { gone: [cluster], remaining: [], leaks: [], problems: [] },
    '### ✅ Teardown of <code>default</code>: nothing is left\n\n1 thing deleted.\n',
  ],
  [
    { gone: [cluster], remaining: [bucket], leaks: [leak], problems: [] },
    '### ❌ Teardown of <code>default</code>: something is left\n',
  ],
])('the summary of %j says: %s', (outcome, words) => {
  const text = renderOutcome('default', outcome)
  expect(text.startsWith(words)).toBe(true)
  expect(summaryFaults(text)).toEqual([])
})

test('the summary shows the price of what is left', () => {
  const markdown = renderOutcome('default', { gone: [], remaining: [], leaks: [leak], problems: [] })
  expect(markdown).toContain('| ec2:volume | <code>vol-1</code> | us-east-1 | $0.0100 per hour |')
})
