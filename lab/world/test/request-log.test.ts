import { expect, test } from 'vitest'
import { createRequestLog } from '../request-log.ts'

const request = (operation: string, client = 'kubectl', write = false) => ({
  client,
  service: 'kubernetes',
  operation,
  write,
})

test('counts all that there ever were, and keeps about the latest', () => {
  const log = createRequestLog(20)
  for (let at = 0; at < 50; at += 1) log.record(request(String(at), 'kubectl', at === 0))
  expect(log.summary()).toEqual({ kubectl: { kubernetes: { reads: 49, writes: 1 } } })
  expect(log.all().at(-1)?.operation).toBe('49')
  expect(log.all().length).toBeLessThanOrEqual(20)
})

test('a summary stays as it was when it was made', () => {
  const log = createRequestLog()
  log.record(request('get'))
  const before = log.summary()
  log.record(request('get'))
  expect(before).toEqual({ kubectl: { kubernetes: { reads: 1, writes: 0 } } })
})

test('has the last hundred at hand, whatever Karmada itself asks', () => {
  const log = createRequestLog()
  for (let at = 0; at < 120; at += 1) log.record(request(String(at)))
  for (let at = 0; at < 120; at += 1) log.record(request('list', 'karmada'))
  const recent = log.recent().map(({ request: { operation } }) => operation)
  expect([recent.length, recent[0], recent.at(-1)]).toEqual([100, '20', '119'])
})
