import { summaryFaults } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { costOf, renderComment, renderSummary, type Told } from '../src/comment.ts'
import { states } from '../src/inputs.ts'
import { readMarker, writeMarker } from '../src/marker.ts'

const commit = 'a'.repeat(40)
const marker = { root: 'pr-42.k8s.example.com', state: 'ready', commit, wanted: undefined } as const
const told: Told = {
  environment: 'pr-42',
  run: 'https://github.com/acme/shop/actions/runs/7',
  reason: undefined,
  url: 'http://web.pr-42.k8s.example.com',
  endpoints: [
    { cluster: 'usa', region: 'us-east-1', hostname: 'a-1.us-east-1.elb.amazonaws.com' },
    { cluster: 'eur', region: 'eu-west-1', hostname: 'b-2.eu-west-1.elb.amazonaws.com' },
  ],
  replicas: { usa: 2, eur: 2 },
  clusterCost: undefined,
  expiresAt: new Date('2026-03-01T12:00:00Z'),
  label: 'preview',
  commands: true,
  drafts: false,
}

test('says where it is, what is in each region, what it costs, until when, and how to remove it', () => {
  expect(
    renderComment(marker, told),
  ).toBe(`<!-- meridian:environment=pr-42.k8s.example.com state=ready commit=${commit} -->

### ✅ <code>pr-42</code> is ready

**<http://web.pr-42.k8s.example.com>** leads every user to the nearest region.

| Region | Cluster | Pods | Load balancer |
| --- | --- | --- | --- |
| <code>us-east-1</code> | <code>usa</code> | 2 | <code>a-1.us-east-1.elb.amazonaws.com</code> |
| <code>eu-west-1</code> | <code>eur</code> | 2 | <code>b-2.eu-west-1.elb.amazonaws.com</code> |

Commit <code>aaaaaaa</code> · about $0.06 an hour · stays until 2026-03-01 12:00 UTC, each push puts that off · [what the run said](https://github.com/acme/shop/actions/runs/7)

<details><summary>How to remove it</summary>

Close the pull request, or take the label <code>preview</code> away, or comment <code>/down</code>.

To keep it longer without a push, comment <code>/extend 24h</code>.

</details>
`)
})

test.each(states)('says of %s in its headline what is true, and keeps it in its marker', state => {
  const body = renderComment({ ...marker, state }, told)
  expect(readMarker(body)?.state).toBe(state)
  expect(body.split('\n')[2]).toMatch(/^### \S+ <code>pr-42<\/code> (is|could)/u)
})

test.each(states)('speaks of %s in the summary as all actions do', state => {
  const text = renderSummary({ ...marker, state }, { ...told, reason: 'the label was taken away' })
  expect(summaryFaults(text)).toEqual([])
})

test('gives an address only to what is ready', () => {
  for (const state of states.filter(each => each !== 'ready'))
    expect(renderComment({ ...marker, state }, told)).not.toContain('http://web')
})

test('calls nobody, and refers to nothing', () => {
  const body = renderComment(
    { ...marker, state: 'failed' },
    { ...told, reason: 'ask @acme/team of #1 or GH-2' },
  )
  expect(body).not.toMatch(/@acme|#1|GH-2/)
})

test('shows what others have written as it stands', () => {
  const reason =
    'x --> <!-- meridian:environment=pr-1 --> @team [a](http://evil) ![i](http://evil/p.png) <b>\n# big'
  const body = renderComment({ ...marker, state: 'failed' }, { ...told, reason, label: '`</code>|' })
  expect(body.match(/<!--/g)).toHaveLength(1)
  expect(body).not.toMatch(/\]\(http:\/\/evil|<b>|^# big/m)
})

describe('the price', () => {
  test('adds the load balancers to that of the clusters', () => {
    const alone = costOf({ clusterCost: undefined, endpoints: told.endpoints }) ?? 0
    expect(costOf({ clusterCost: 0.5, endpoints: told.endpoints })).toBeCloseTo(1 + alone)
  })
  test('is not made up where it is not known', () => {
    const endpoints = [{ cluster: 'x', region: 'moon-1', hostname: 'h' }]
    expect(costOf({ clusterCost: undefined, endpoints })).toBeUndefined()
  })
})

describe('the marker', () => {
  test('is read as it was written', () => {
    const whole = { ...marker, wanted: 'down' } as const
    expect(readMarker(`${writeMarker(whole)}\nmore`)).toEqual(whole)
  })
  test.each([
    'hello',
    ' <!-- meridian:environment=pr-42.k8s.example.com state=ready -->',
    'quote\n<!-- meridian:environment=pr-42.k8s.example.com state=ready -->',
    '<!-- meridian:environment=pr-42.k8s.example.com state=fine -->',
    '<!-- meridian:state=ready -->',
  ])('is none in %j', body => {
    expect(readMarker(body)).toBeUndefined()
  })
})
