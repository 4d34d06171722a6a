import { hurryTimers } from '@meridian/lab-world/testing'
import { describe, expect, test } from 'vitest'
import { openLab } from '../in-process.ts'

// The action's waits pass a hundred times as fast.
hurryTimers(100)

const three = 'us-east-1: a.example.net\neu-west-1: b.example.net\nap-northeast-1: c.example.net'
const inputs = { record: 'app', endpoints: three, wait: 'false' }
const columns: Record<string, Record<string, string>> = {
  apply: { endpoints: three.replaceAll('.example', '.new.example') },
  adopt: { adopt: 'true' },
  destroy: { mode: 'destroy' },
  'destroy of a region': { mode: 'destroy', regions: 'us-east-1' },
  plan: { mode: 'plan' },
}
const operations = ['ListHostedZonesByName', 'ListResourceRecordSets'] as const

describe.each(['proxy-404', 'proxy-page', 'empty-200', 'denied'] as const)(
  'where it is answered %s',
  failure => {
    test.each(
      operations.flatMap(operation => Object.keys(columns).map(column => [operation, column] as const)),
    )('to %s, %s fails and the zone stays as it is', async (operation, column) => {
      await using lab = await openLab()
      await lab.run(inputs)
      const before = lab.stored('app')
      const told = lab.requests().length
      lab.universe.world.faults.requests.plan({
        failure,
        service: 'route53',
        operation,
        nth: 1,
        times: Number.POSITIVE_INFINITY,
      })
      await expect(lab.run({ ...inputs, ...columns[column] })).rejects.toThrow(operation)
      expect(lab.stored('app')).toEqual(before)
      expect(
        lab
          .requests()
          .slice(told)
          .filter(({ write }) => write),
      ).toEqual([])
    })
  },
)

test('a zone whose second page is no listing is not taken for one without the marks of others', async () => {
  await using lab = await openLab()
  const { universe } = lab
  const table = universe.zone.records.copy()
  for (const [region, host] of [['us-east-1', 'a'] as const, ['eu-west-1', 'b'] as const])
    table.put({
      name: 'app.k8s.example.com.',
      type: 'CNAME',
      setIdentifier: region,
      region,
      ttl: 60,
      values: [`${host}.example.net`],
    })
  for (let at = 0; at < 400; at += 1)
    table.put({ name: `h${at}.k8s.example.com.`, type: 'A', ttl: 60, values: ['192.0.2.1'] })
  table.put({
    name: 'cname-app.k8s.example.com.',
    type: 'TXT',
    ttl: 60,
    values: ['"heritage=external-dns,external-dns/owner=me"'],
  })
  universe.zone.records = table
  universe.world.faults.requests.plan({
    failure: 'empty-200',
    service: 'route53',
    operation: 'ListResourceRecordSets',
    nth: 3,
    times: Number.POSITIVE_INFINITY,
  })
  const wish = { ...inputs, endpoints: three.split('\n').slice(0, 2).join('\n'), adopt: 'true' }
  await expect(lab.run(wish)).rejects.toThrow('ListResourceRecordSets')
  expect(universe.zone.records).toBe(table)
})
