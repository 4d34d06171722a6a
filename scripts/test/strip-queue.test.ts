import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { repository } from '../action-files.ts'
import { stripQueue } from '../strip-queue.ts'

test.each(['up', 'down', 'reap', 'take-region-out', 'upgrade'])(
  'of %s.yml nothing but the queues goes',
  name => {
    const text = readFileSync(join(repository, `.github/workflows/${name}.yml`), 'utf8')
    const withoutQueue = (key: string, value: unknown) =>
      key === 'queue' && value === 'max' ? undefined : value
    expect(JSON.stringify(parse(stripQueue(text)))).toBe(JSON.stringify(parse(text), withoutQueue))
    const gone = text.split('\n').length - stripQueue(text).split('\n').length
    expect(gone).toBe(text.match(/queue: max\n/g)?.length ?? 0)
  },
)

test('what is not of a concurrency group stays', () => {
  const text = 'env:\n  queue: max\nconcurrency:\n  group: x\n  queue: max\njobs:\n  queue: max\n'
  expect(stripQueue(text)).toBe('env:\n  queue: max\nconcurrency:\n  group: x\njobs:\n  queue: max\n')
})
