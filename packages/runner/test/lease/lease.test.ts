import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { LeaseHeldError, type LeaseStore, takeLease } from '../../src/index.ts'
import { testJob } from '../../src/testing.ts'

class Overtaken extends Error {}
type Moment = 'before' | 'after'

/** One place for a lease, of which each write counts a version, and which can fail. */
function createPlace() {
  let live: { holder: string; version: number } | undefined
  let written = 0
  /** What befalls the writes that come, in their order; a write is carried out unless it fails before. */
  const fates: ((moment: Moment) => Promise<void> | void)[] = []
  const open =
    (name: string) =>
    (signal?: AbortSignal): LeaseStore => {
      let known: number | undefined
      return {
        async look() {
          known = live?.version
          if (live === undefined || live.holder === '') return { whose: 'free' }
          return live.holder === name ? { whose: 'ours' } : { whose: 'another', holder: live.holder }
        },
        async write(released) {
          signal?.throwIfAborted()
          const fate = fates.shift()
          await fate?.('before')
          if (known !== live?.version) throw new Overtaken('it is another by now')
          written += 1
          live = { holder: released ? '' : name, version: written }
          await fate?.('after')
          known = written
        },
        isOvertaken: error => error instanceof Overtaken,
      }
    }
  return {
    open,
    fates,
    holder: () => live?.holder,
    written: () => written,
    seize: (holder: string) => {
      written += 1
      live = { holder, version: written }
    },
    drop: () => {
      live = undefined
    },
  }
}

const fail = (at: Moment, error: Error) => (moment: Moment) => {
  if (moment === at) throw error
}

function setUp() {
  const place = createPlace()
  const cancel = new AbortController()
  const job = { ...testJob(), signal: cancel.signal }
  const take = (name: string, given: { wait?: number; milliseconds?: number } = {}) =>
    takeLease(job, { what: 'usa', wait: 0, milliseconds: 300_000, open: place.open(name), ...given })
  return { place, cancel, job, take }
}

describe('taking a lease', () => {
  test('keeps all others out until it is given back', async () => {
    const { take } = setUp()
    const first = await take('one')
    const second = take('two')
    await expect(second).rejects.toBeInstanceOf(LeaseHeldError)
    await expect(second).rejects.toThrow('usa is being worked on by one')
    await first.release()
    await using _ = await take('two')
  })

  test.each<[string, Error]>([
    ['is lost', new Error('socket hang up')],
    ['says that another was first, since the request was sent again', new Overtaken()],
  ])('is had where the answer %s', async (_, error) => {
    const { place, take } = setUp()
    place.fates.push(fail('after', error))
    await using lease = await take('one')
    await expect(lease.confirm()).resolves.toBeUndefined()
  })

  test('that fails and leaves no trace is tried once more', async () => {
    const { place, take } = setUp()
    place.fates.push(fail('before', new Error('socket hang up')))
    await take('one')
    expect(place.holder()).toBe('one')
  })

  test('that fails twice leaves nothing, and tells why', async () => {
    const { place, take } = setUp()
    place.fates.push(fail('before', new Error('refused')), fail('before', new Error('refused')))
    await expect(take('one')).rejects.toThrow('refused')
    expect(place.holder()).toBeUndefined()
  })

  test('from one who is quicker names that one', async () => {
    const { place, take } = setUp()
    place.fates.push(moment => void (moment === 'before' && place.seize('two')))
    await expect(take('one')).rejects.toThrow('usa is being worked on by two')
    expect(place.holder()).toBe('two')
  })

  test.each<[string, Error | undefined]>([
    ['is written', undefined],
    ['is written, and the answer is lost', new Error('socket hang up')],
    ['is written, and the repetition is refused', new Overtaken()],
  ])('gives it back when the job is cancelled while it %s', async (_, error) => {
    const { place, cancel, take } = setUp()
    place.fates.push(moment => {
      if (moment === 'before') cancel.abort(new Error('cancelled'))
      else if (error) throw error
    })
    await expect(take('one', { wait: 60_000 })).rejects.toThrow('cancelled')
    expect(place.holder()).toBe('')
  })

  test('that never wrote gives nothing back', async () => {
    const { place, take } = setUp()
    place.seize('two')
    await expect(take('one')).rejects.toThrow('two')
    expect([place.holder(), place.written()]).toEqual(['two', 1])
  })
})

describe('holding a lease', () => {
  test('renews it at each third of its time', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const { place, take } = setUp()
    await using lease = await take('one')
    vi.advanceTimersByTime(300_000)
    await lease.confirm()
    expect(place.written()).toBe(5)
  })

  test('ends before others may take it, where it cannot be renewed', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { place, take } = setUp()
    const lease = await take('one')
    place.fates.push(...Array.from({ length: 3 }, () => fail('before', new Error('cut off'))))
    await vi.advanceTimersByTimeAsync(269_999)
    expect(lease.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await expect(lease.confirm()).rejects.toThrow('the lease on usa is lost: it could not be renewed in time')
  })

  test('is not ended by a renewal whose answer was lost', async () => {
    const { place, take } = setUp()
    await using lease = await take('one')
    place.fates.push(fail('after', new Error('socket hang up')))
    await expect(lease.confirm()).rejects.toThrow('socket hang up')
    await expect(lease.confirm()).resolves.toBeUndefined()
    // What was found there is written anew: its time is counted from now.
    expect(place.written()).toBe(3)
  })

  test.each<[string, (place: ReturnType<typeof createPlace>) => void]>([
    ['now with two', place => place.seize('two')],
    ['it was deleted', place => place.drop()],
  ])('ends, and leaves what is there, when it is %s', async (why, change) => {
    const { place, take } = setUp()
    const lease = await take('one')
    change(place)
    const before = place.holder()
    await expect(lease.confirm()).rejects.toThrow(`the lease on usa is lost: ${why}`)
    expect(lease.signal.aborted).toBe(true)
    await lease.release()
    expect([place.holder(), await lease.abandon()]).toEqual([before, false])
  })
})

describe('giving a lease back', () => {
  test('happens when the job is cancelled, too', async () => {
    const { place, cancel, take } = setUp()
    const lease = await take('one')
    cancel.abort(new Error('cancelled'))
    await expect(lease.confirm()).rejects.toThrow('cancelled')
    await lease.release()
    expect(place.holder()).toBe('')
  })

  test.each(['release', 'abandon'] as const)(
    'ends what it allows: after %s nothing is confirmed',
    async how => {
      const { place, take } = setUp()
      const lease = await take('one')
      await lease[how]()
      const before = place.written()
      await expect(lease.confirm()).rejects.toThrow('was given up before this')
      expect(place.written()).toBe(before)
    },
  )

  test('ends a confirmation that is under way', async () => {
    const { place, take } = setUp()
    const lease = await take('one')
    let released = Promise.resolve()
    place.fates.push(moment => {
      if (moment === 'after') released = lease.release()
    })
    await expect(lease.confirm()).rejects.toThrow('was given up before this')
    await released
    expect(place.holder()).toBe('')
  })

  test('never throws, and comes after what is being written', async () => {
    const { place, job, take } = setUp()
    const lease = await take('one')
    place.fates.push(fail('before', new Error('cut off')))
    await expect(lease.release()).resolves.toBeUndefined()
    expect([place.holder(), job.signal.aborted]).toEqual(['one', false])
  })

  test('leaves one that is abandoned as it was', async () => {
    const { place, take } = setUp()
    const lease = await take('one')
    expect(await lease.abandon()).toBe(true)
    await lease.release()
    expect(place.holder()).toBe('one')
  })
})
