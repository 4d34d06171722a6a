import { describe, expect, test } from 'vitest'
import { done, retry, TimeoutError, waitFor, waiting } from '../src/index.ts'
import { testJob } from '../src/testing.ts'

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
