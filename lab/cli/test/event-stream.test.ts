import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { changedParts, createEventStream, eventOf } from '../live/event-stream.ts'
import type { Parts } from '../live/render-parts.ts'

const parts = (change: Partial<Parts> = {}): Parts => ({
  numbers: '<p>0</p>',
  map: '<svg/>',
  clusters: '',
  records: '',
  requests: '',
  inventory: '',
  ...change,
})

test.each([
  ['all parts to whom nothing was told', {}, Object.keys(parts())],
  ['no part that is as it was told', parts(), []],
  ['the parts that have changed', parts({ map: 'old', records: 'old' }), ['map', 'records']],
])('there are to be told %s', (_, told, expected) => {
  expect(changedParts(told, parts())).toEqual(expected)
})

test('an event is one line, whatever is in its markup', () => {
  expect(eventOf('map', '<p>\n"a"\r\n</p>')).toBe(
    'event: part\ndata: {"part":"map","markup":"<p>\\n\\"a\\"\\r\\n</p>"}\n\n',
  )
})

/** A server of one stream over a world that the test changes. */
async function openStream(every = 1) {
  const world = { now: parts(), looks: 0 }
  const look = () => {
    world.looks += 1
    return world.now
  }
  const stream = createEventStream({ look, every })
  const server = createServer((_, response) => stream.join(response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const watch = async () => {
    const gone = new AbortController()
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { body, headers } = await fetch(url, { signal: gone.signal })
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    /** Reads on until the text is there; returns all that was read. */
    const until = async (end: string): Promise<string> => {
      while (!text.includes(end)) text += (await reader?.read())?.value ?? ''
      return text
    }
    return { headers, until, leave: () => gone.abort() }
  }
  return { world, stream, watch }
}

describe('a viewer', () => {
  test('is told when to come back, then everything, then only what changes', async () => {
    const { world, watch } = await openStream()
    const viewer = await watch()
    expect(viewer.headers.get('content-type')).toBe('text/event-stream')
    await viewer.until('"inventory"')
    world.now = parts({ records: 'new' })
    const text = await viewer.until('new')
    expect(text).toMatch(/^retry: 1000\n\n/)
    expect(text.match(/"part":"\w+"/g)).toEqual(
      [...Object.keys(parts()), 'records'].map(part => `"part":"${part}"`),
    )
  })

  test('that comes back is told what is then', async () => {
    const { world, watch } = await openStream()
    const first = await watch()
    await first.until('"inventory"')
    first.leave()
    world.now = parts({ clusters: 'usa' })
    const text = await (await watch()).until('"inventory"')
    expect(text).toContain('"markup":"usa"')
  })

  /** A response that remembers what was written, and how it ends. */
  function fakeResponse(writableNeedDrain = false) {
    const written: string[] = []
    const ends: (() => void)[] = []
    const response = {
      writableNeedDrain,
      writeHead: () => {},
      write: (text: string) => written.push(text),
      on: (_: 'close', end: () => void) => ends.push(end),
    } as unknown as ServerResponse
    return { response, written, leave: () => ends.map(end => end()) }
  }

  test('that does not read is told nothing more until it does', () => {
    const { response, written, leave } = fakeResponse(true)
    createEventStream({ look: parts }).join(response)
    leave()
    expect(written).toEqual(['retry: 1000\n\n'])
  })

  test('that has left costs nothing any more', () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    let looks = 0
    const stream = createEventStream({
      look: () => {
        looks += 1
        return parts()
      },
      every: 1_000,
    })
    const { response, leave } = fakeResponse()
    stream.join(response)
    vi.advanceTimersByTime(2_000)
    leave()
    vi.advanceTimersByTime(60_000)
    expect({ looks, viewers: stream.viewers() }).toEqual({ looks: 3, viewers: 0 })
  })

  test('hears something every fifteen seconds, though nothing changes', () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { response, written, leave } = fakeResponse()
    createEventStream({ look: parts, every: 1_000 }).join(response)
    vi.advanceTimersByTime(31_000)
    leave()
    expect(written.slice(2)).toEqual([': still here\n\n', ': still here\n\n'])
  })
})
