import { describe, expect, test } from 'vitest'
import { createConcurrency, type Entry, type Group } from '../concurrency.ts'
import { results, run } from './repository.ts'

const { signal } = new AbortController()
const group = (more: Partial<Group> = {}): Group => ({
  name: 'x',
  cancelInProgress: false,
  queue: 'single',
  ...more,
})

/** Lets everything that is decided by now be seen. */
const settle = () => new Promise(resolve => setImmediate(resolve))

function enterAll(groups: readonly Group[]) {
  const concurrency = createConcurrency()
  const seen: Record<number, Entry> = {}
  groups.forEach((each, at) => {
    void concurrency.enter(each, signal).then(entry => Object.assign(seen, { [at]: entry }))
  })
  return { seen, concurrency }
}

const leave = (entry: Entry | undefined) => entry?.kind === 'entered' && entry.leave()
const kinds = (seen: Record<number, Entry>) =>
  Object.fromEntries(Object.entries(seen).map(([at, { kind }]) => [at, kind]))

describe('a concurrency group', () => {
  test('lets one run and one wait, which a newer one replaces', async () => {
    const { seen } = enterAll([group(), group(), group({ name: 'X' })])
    await settle()
    expect(kinds(seen)).toEqual({ 0: 'entered', 1: 'cancelled' })
    expect(seen[1]).toMatchObject({
      reason: "Canceling since a higher priority waiting request for 'X' exists",
    })
    leave(seen[0])
    await settle()
    expect(kinds(seen)).toEqual({ 0: 'entered', 1: 'cancelled', 2: 'entered' })
  })

  test('lets all wait, in order, with queue: max', async () => {
    const { seen } = enterAll([group(), group({ queue: 'max' }), group({ queue: 'max' })])
    await settle()
    expect(kinds(seen)).toEqual({ 0: 'entered' })
    leave(seen[0])
    await settle()
    expect(kinds(seen)).toEqual({ 0: 'entered', 1: 'entered' })
    leave(seen[1])
    await settle()
    expect(kinds(seen)).toEqual({ 0: 'entered', 1: 'entered', 2: 'entered' })
  })

  test('ends what runs with cancel-in-progress, and waits for its end', async () => {
    const { seen } = enterAll([group(), group({ cancelInProgress: true })])
    await settle()
    expect(kinds(seen)).toEqual({ 0: 'entered' })
    expect(seen[0]?.kind === 'entered' && seen[0].signal.aborted).toBe(true)
    leave(seen[0])
    await settle()
    expect(kinds(seen)).toEqual({ 0: 'entered', 1: 'entered' })
  })

  test('has no place for the hundred-and-first that waits', async () => {
    const { seen } = enterAll(Array.from({ length: 102 }, () => group({ queue: 'max' })))
    await settle()
    expect(kinds(seen)).toEqual({ 0: 'entered', 101: 'cancelled' })
  })

  test('is left by what is cancelled while it waits', async () => {
    const { concurrency } = enterAll([group()])
    const cancel = new AbortController()
    const waiting = concurrency.enter(group(), cancel.signal)
    cancel.abort()
    expect(await waiting).toMatchObject({ kind: 'cancelled' })
  })
})

const job = 'runs-on: ubuntu-24.04, steps: [{ run: exit 0 }]'

test('jobs of one group run one after the other', async () => {
  const ended = await run(`
on: workflow_dispatch
jobs:
  legs:
    strategy: { matrix: { leg: [a, b, c] } }
    concurrency: { group: legs, queue: max }
    runs-on: ubuntu-24.04
    steps: [{ run: 'true' }]
`)
  const order = ended.events.flatMap(({ type }) => (/^job-(started|finished)$/.test(type) ? [type] : []))
  const pair = ['job-started', 'job-finished']
  expect(order).toEqual([...pair, ...pair, ...pair])
})

test('a run that is replaced while it waits runs nothing, not even what always runs', async () => {
  const concurrency = createConcurrency()
  const first = await concurrency.enter(group({ name: 'runs' }), signal)
  const workflow = `on: workflow_dispatch\nconcurrency: runs\njobs: { job: { if: always(), ${job} } }`
  const queued = Promise.withResolvers<void>()
  const waiting = run(workflow, {
    concurrency: {
      enter(wanted, at) {
        const entry = concurrency.enter(wanted, at)
        queued.resolve()
        return entry
      },
    },
  })
  await queued.promise
  const newer = run(workflow, {
    concurrency: {
      enter(wanted, at) {
        const entry = concurrency.enter(wanted, at)
        leave(first)
        return entry
      },
    },
  })
  expect([(await waiting).result, (await newer).result]).toEqual(['cancelled', 'success'])
})

test('a called workflow whose group its caller is in is cancelled, since it would wait for ever', async () => {
  const called = `on: workflow_call\nconcurrency: same\njobs: { job: { ${job} } }`
  const ended = await run(
    `on: workflow_dispatch\nconcurrency: same\njobs: { call: { uses: ./.github/workflows/called.yml } }`,
    { files: { '.github/workflows/called.yml': called } },
  )
  expect(results(ended)).toEqual({ call: 'cancelled' })
  expect(ended.jobs[0]?.steps[0]?.log[0]).toBe(
    "Canceling since a deadlock for concurrency group 'same' was detected between 'top level workflow' and 'call'",
  )
})

test('queue: max and cancel-in-progress cannot be combined', async () => {
  const workflow = `on: workflow_dispatch\nconcurrency: { group: x, queue: max, cancel-in-progress: true }\njobs: { job: { ${job} } }`
  await expect(run(workflow)).rejects.toThrow('queue: max cannot be combined')
})
