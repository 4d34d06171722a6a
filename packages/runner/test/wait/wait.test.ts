import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { done, retry, TimeoutError, waitFor, waiting } from '../../src/index.ts'
import { testJob } from '../../src/testing.ts'
import { nextInterval } from '../../src/wait/wait.ts'

const quick = { first: 1, most: 1 }

describe('waitFor', () => {
  test('prints each change of state once and returns the value', async () => {
    const job = testJob()
    const states = ['1 of 2 ready', '1 of 2 ready', '2 of 2 ready']
    const value = await waitFor(job, {
      what: 'nodes',
      fix: '',
      every: quick,
      probe: async () => {
        const state = states.shift()
        return state === undefined ? done('all') : waiting(state)
      },
    })
    expect(value).toBe('all')
    expect(job.lines.map(line => line.replace(/ \(.*\)/, ''))).toEqual([
      'nodes: 1 of 2 ready',
      'nodes: 2 of 2 ready',
    ])
  })

  test('looks again soon after a hint, with no interval between, and closes what gave it', async () => {
    let tell = () => {}
    let closed = 0
    const hint = () => ({
      next: () =>
        new Promise<void>(resolve => {
          tell = resolve
        }),
      close: () => {
        closed += 1
      },
    })
    let looks = 0
    const waited = waitFor(testJob(), {
      what: 'nodes',
      fix: '',
      every: { first: 3_600_000, most: 3_600_000 },
      hint,
      probe: async () => {
        looks += 1
        setImmediate(() => tell())
        return looks === 3 ? done('all') : waiting('1 of 2 ready')
      },
    })
    expect(await waited).toBe('all')
    expect(closed).toBe(1)
  })

  test('opens no hint where there is nothing to wait for', () => {
    const hint = () => {
      throw new Error('opened')
    }
    return expect(
      waitFor(testJob(), { what: 'nodes', fix: '', hint, probe: async () => done('all') }),
    ).resolves.toBe('all')
  })

  test('ends at its time limit, naming what it waited for, what it saw last and what to do', async () => {
    const ended = waitFor(testJob(), {
      what: 'nodes',
      fix: 'look at the console',
      timeout: 2,
      every: quick,
      probe: async () => waiting('none'),
    })
    await expect(ended).rejects.toThrow(/^waited \d+s for nodes; last seen: none$/)
    await expect(ended).rejects.toBeInstanceOf(TimeoutError)
  })

  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const busy = Object.assign(new Error('503'), { status: 503 })
  const denied = Object.assign(new Error('denied'), { status: 403 })
  const waitThrough = (answers: (string | Error)[]) =>
    waitFor(testJob(), {
      what: 'nodes',
      fix: '',
      every: quick,
      probe: async () => {
        const answer = answers.shift() ?? 'end'
        if (answer instanceof Error) throw answer
        return answer === 'end' ? done('there') : waiting(answer)
      },
    })

  test('outlasts an outage of a server that has answered', () =>
    expect(waitThrough(['none', refused, new Error('asked', { cause: busy }), 'one'])).resolves.toBe('there'))

  test('is ended by a server that has never answered', () =>
    expect(waitThrough([refused])).rejects.toThrow('ECONNREFUSED'))

  test('is ended by a wait inside it that has ended', () =>
    expect(waitThrough(['none', new TimeoutError('waited 1s', { fix: '' })])).rejects.toThrow('waited 1s'))

  test('is ended by any other answer', () => expect(waitThrough(['none', denied])).rejects.toThrow('denied'))

  test('is ended by an outage that does not end', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    let answered = false
    const ended = waitFor(testJob({ deadline: Number.POSITIVE_INFINITY }), {
      what: 'nodes',
      fix: '',
      every: quick,
      probe: async () => {
        if (!answered) {
          answered = true
          return waiting('none')
        }
        vi.advanceTimersByTime(60_000)
        throw refused
      },
    })
    await expect(ended).rejects.toThrow('ECONNREFUSED')
  })

  test('ends with the reason of an aborted signal', async () => {
    const cancel = new AbortController()
    const ended = waitFor(testJob({ signal: cancel.signal }), {
      what: 'nodes',
      fix: '',
      probe: async () => {
        cancel.abort(new Error('stop'))
        return waiting('none')
      },
    })
    await expect(ended).rejects.toThrow('stop')
  })
})

describe('the interval of probes', () => {
  const every = { first: 500, most: 10_000 }
  const minute = 60_000

  test.each([
    ['grows', 1_000, undefined, 1_500],
    ['does not grow beyond its limit', 9_000, undefined, 10_000],
    ['is short after a change early on', 8_000, { passed: 20_000 }, 2_100],
    ['is longer after a change late', 10_000, { passed: minute }, 5_300],
    ['is never longer for a change', 600, { passed: 5 * minute }, 900],
  ])('%s', (_, last, change, expected) => {
    expect(nextInterval(last, every, change)).toBe(expected)
  })

  test('stays a share of the time for what changes at every probe', () => {
    let [interval, passed, probes] = [500, 0, 0]
    for (; passed < 5 * minute; probes += 1) {
      interval = nextInterval(interval, every, { passed })
      passed += interval
    }
    expect(probes).toBeLessThan(60)
  })
})

describe('retry', () => {
  test('tries again only after errors that are retryable', async () => {
    let count = 0
    const attempt = async () => {
      count += 1
      throw new Error(count === 1 ? 'throttled' : 'denied')
    }
    const failed = retry(testJob(), {
      what: 'call',
      attempt,
      retryable: error => (error as Error).message === 'throttled',
    })
    await expect(failed).rejects.toThrow('denied')
    expect(count).toBe(2)
  })
})
