import { describe, expect, test } from 'vitest'
import { checkBuilt, checkNothingLeft, checkProxied } from '../check-story.ts'
import { readOutputs } from '../read-outputs.ts'
import { sampleReport } from './sample-report.ts'

const { clusters, replicas, endpoints, dns } = sampleReport
const claims = { clusters, replicas, endpoints, dns }
const observed = { clusters, replicas, endpoints }

describe('checkBuilt', () => {
  test('finds nothing when the jobs told the truth and it is good', () => {
    expect(checkBuilt(claims, observed)).toEqual([])
  })

  test('does not believe ready replicas that are not there', () => {
    const problems = checkBuilt(claims, { ...observed, replicas: { usa: 2, eur: 2, jpn: 0 } })
    expect(problems).toEqual([
      'the app is not spread evenly: {"usa":2,"eur":2,"jpn":0}',
      'jpn has 0 ready pods, not 2 as reported',
    ])
  })

  test('names a cluster that the federation does not know or that has no endpoint', () => {
    const problems = checkBuilt(
      { ...claims, clusters: clusters.slice(1), endpoints: endpoints.slice(1) },
      observed,
    )
    expect(problems).toEqual(['the federation does not know cluster usa', 'cluster usa has no endpoint'])
  })

  test('names cities that are led elsewhere', () => {
    const [first] = dns.verification
    if (!first) throw new Error('the sample has cities')
    const verification = [{ ...first, region: 'eu-west-1', ok: false }]
    expect(checkBuilt({ ...claims, dns: { ...dns, verification } }, observed)).toEqual([
      'New York is led to eu-west-1, not to us-east-1',
    ])
  })

  test('is not content with a world where nothing was built', () => {
    const nothing = readOutputs({})
    expect(checkBuilt(nothing, { clusters: [], replicas: {}, endpoints: [] })).toEqual([
      'there is no cluster',
      'no pod of the app is ready',
      'no city was asked for the name',
    ])
  })
})

describe('checkNothingLeft', () => {
  test('names each thing with its price', () => {
    const left = [{ type: 'volume', id: 'vol-1', region: 'us-east-1', hourlyCost: 0.0022 }]
    expect(checkNothingLeft(left)).toEqual(['volume vol-1 in us-east-1 is left ($0.0022/h)'])
  })
})

test.each([
  ['asked nothing', [], 'job federation did not go through the proxy of its machine'],
  ['was refused', [403], 'the proxy refused job federation the way to aws.lab.test:443 (403)'],
])('a job behind a proxy that %s there is told', (_, refusals, problem) => {
  const uses = refusals.map(refused => ({ method: 'CONNECT', target: 'aws.lab.test:443', refused }))
  expect(checkProxied('federation', uses)).toEqual([problem])
})

describe('readOutputs', () => {
  test('reads the JSON of the jobs', () => {
    const read = readOutputs({
      federation: { clusters: JSON.stringify(clusters) },
      app: { replicas: JSON.stringify(replicas), endpoints: JSON.stringify(endpoints) },
      dns: { fqdn: dns.fqdn, 'zone-id': dns.zoneId, verification: JSON.stringify(dns.verification) },
    })
    expect(read).toEqual({
      clusters: clusters.map(({ name, region, ready }) => ({ name, region, ready })),
      replicas,
      endpoints,
      dns: { ...dns, records: [] },
    })
  })
})
