import { describe, expect, test } from 'vitest'
import { decide, type Facts, readCommand } from '../src/decide.ts'

const head = 'a'.repeat(40)
const other = 'b'.repeat(40)
const hour = 3_600_000

type Given = {
  event?: Partial<Facts['event']>
  pull?: Partial<Facts['pull']>
  known?: Facts['known']
  options?: Partial<Facts['options']>
  permission?: string
  pushedAt?: number | null
}

function ask({ event, pull, known, options, ...more }: Given) {
  const facts: Facts = {
    event: {
      ...{ name: 'pull_request', action: 'synchronize', number: 42, head, label: undefined },
      ...{ comment: undefined, isRerun: false },
      ...event,
    },
    pull: {
      ...{ number: 42, state: 'open', isDraft: false, labels: [], head, branch: 'change' },
      ...{ isFork: false, author: 'ann' },
      ...pull,
    },
    known,
    options: {
      ...{ label: undefined, drafts: false, dependabot: false, commands: true },
      ...{ ttl: 72 * hour, maxTtl: 168 * hour },
      ...options,
    },
    ...more,
  }
  return decide(facts)
}

const ready = { state: 'ready', commit: head, wanted: undefined } as const
const gone = { state: 'gone', commit: head, wanted: undefined } as const
const preview = { options: { label: 'preview' } }

describe('how the pull request stands decides', () => {
  const cases: [what: string, given: Given, action: string, reason: RegExp][] = [
    ['an open one gets an environment', {}, 'up', /is open/],
    ['a push updates it', { known: { ...ready, commit: other } }, 'up', /is open/],
    [
      'one without the label gets none',
      preview,
      'none',
      /not have the label preview, and has no environment/,
    ],
    ['one with the label does', { ...preview, pull: { labels: ['preview'] } }, 'up', /has the label/],
    ['one that lost the label loses it', { ...preview, known: ready }, 'down', /not have the label/],
    ['a draft gets none', { pull: { isDraft: true } }, 'none', /draft/],
    ['one that became a draft loses it', { pull: { isDraft: true }, known: ready }, 'down', /draft/],
    ['drafts may have one', { pull: { isDraft: true }, options: { drafts: true } }, 'up', /open/],
    ['a closed one loses it', { pull: { state: 'closed' }, known: ready }, 'down', /closed/],
    [
      'also while it is being built',
      { pull: { state: 'closed' }, known: { ...ready, state: 'building' } },
      'down',
      /closed/,
    ],
    [
      'and what could not be made',
      { pull: { state: 'closed' }, known: { ...ready, state: 'failed' } },
      'down',
      /closed/,
    ],
    [
      'a closed one that has none has nothing to lose',
      { pull: { state: 'closed' }, known: gone },
      'none',
      /closed/,
    ],
    ['a reopened one gets it back', { event: { action: 'reopened' }, known: gone }, 'up', /open/],
    ['a fork is refused', { pull: { isFork: true } }, 'refused', /maintainer/],
    ["a fork's end as well", { pull: { isFork: true, state: 'closed' } }, 'refused', /fork/],
    ["Dependabot's gets none", { pull: { author: 'dependabot[bot]' } }, 'none', /Dependabot/],
    [
      "Dependabot's with the label does",
      { ...preview, pull: { author: 'dependabot[bot]', labels: ['preview'] } },
      'up',
      /label/,
    ],
    [
      "Dependabot's where it is wanted",
      { pull: { author: 'dependabot[bot]' }, options: { dependabot: true } },
      'up',
      /open/,
    ],
  ]
  test.each(cases)('%s', (_what, given, action, reason) => {
    const decision = ask(given)
    expect(decision.action).toBe(action)
    expect(decision.reason).toMatch(reason)
  })
})

describe('a run that is late', () => {
  test('ends where the head is another by now', () => {
    expect(ask({ event: { head: other } })).toMatchObject({
      action: 'none',
      reason: 'this run is for bbbbbbb, but the head is aaaaaaa by now, which has a run of its own',
    })
  })
  test('removes all the same what nobody wants: no other run may come', () => {
    expect(ask({ event: { head: other }, pull: { state: 'closed' }, known: ready }).action).toBe('down')
  })
  test('does nothing for another label of what is up to date', () => {
    expect(ask({ event: { action: 'labeled', label: 'docs' }, known: ready }).reason).toMatch(/up to date/)
  })
  test('deploys again where somebody runs it again', () => {
    expect(ask({ event: { action: 'opened', isRerun: true }, known: ready }).action).toBe('up')
  })
})

describe('a command', () => {
  const at = Date.parse('2026-03-01T12:00:00Z')
  const say = (body: string, given: Given = {}) =>
    ask({
      permission: 'write',
      pushedAt: at - 60_000,
      ...given,
      event: {
        ...{ name: 'issue_comment', action: 'created', head: undefined },
        comment: { id: 1, body, author: 'ann', at },
        ...given.event,
      },
    })
  const cases: [what: string, body: string, given: Given, action: string, reason: RegExp][] = [
    ['/up makes one without the label', '/up', preview, 'up', /ann has asked/],
    ['/up makes one of a draft', '/up', { pull: { isDraft: true } }, 'up', /ann has asked/],
    ['/down removes it', '/down', { known: ready }, 'down', /ann has asked/],
    ['/down of nothing is nothing', '/down', {}, 'none', /no environment/],
    ['/extend puts its end off', '/extend 4h', { known: ready }, 'up', /put its end off/],
    ['/extend of nothing', '/extend 4h', {}, 'refused', /no environment/],
    ['/extend without a time', '/extend', { known: ready }, 'refused', /4h/],
    ['/extend for too long', '/extend 9999h', { known: ready }, 'refused', /at most 168h/],
    ['who may only read', '/up', { permission: 'read' }, 'refused', /write to the repository/],
    ['who is nobody', '/down', { permission: 'none', known: ready }, 'refused', /write to the repository/],
    ['for a fork', '/up', { pull: { isFork: true } }, 'refused', /fork/],
    ['for what is closed', '/up', { pull: { state: 'closed' } }, 'refused', /closed/],
    ['for a head that was pushed later', '/up', { pushedAt: at + 1000 }, 'refused', /pushed after/],
    ['for one of the same second', '/up', { pushedAt: at }, 'refused', /pushed after/],
    ['for one that nobody saw pushed', '/up', { pushedAt: null }, 'refused', /GitHub does not tell/],
    ['that was edited', '/up', { event: { action: 'edited' } }, 'refused', /edited/],
    ['that is none', 'what about /up?', {}, 'none', /no command/],
    ['where they are switched off', '/up', { options: { commands: false } }, 'none', /switched off/],
  ]
  test.each(cases)('%s', (_what, body, given, action, reason) => {
    const decision = say(body, given)
    expect(decision.action).toBe(action)
    expect(decision.reason).toMatch(reason)
  })

  test('says for how long: claims are renewed when half of that is over', () => {
    expect(say('/extend 4h', { known: ready }).ttl).toBe(8 * hour)
  })

  test('is remembered: a push after /down makes nothing, one after /up does without the label', () => {
    expect(ask({ known: { ...gone, wanted: 'down' } }).reason).toMatch(/comment \/up/)
    expect(ask({ ...preview, known: { ...ready, commit: other, wanted: 'up' } }).action).toBe('up')
  })

  test.each(['reopened', 'ready_for_review', 'labeled'])(
    'is forgotten when the pull request is %s',
    action => {
      const label = action === 'labeled' ? 'preview' : undefined
      const given = { event: { action, label }, pull: { labels: ['preview'] }, ...preview }
      expect(ask({ ...given, known: { ...gone, wanted: 'down' } })).toMatchObject({
        action: 'up',
        wanted: undefined,
      })
    },
  )
})

test.each([
  ['/up', { word: 'up' }],
  ['/down\nthank you', { word: 'down' }],
  ['/extend 4h', { word: 'extend', duration: 4 * hour }],
  ['/extend soon', { word: 'extend', duration: undefined }],
  ['/up now', undefined],
  ['/upgrade', undefined],
  [' /up', undefined],
  ['', undefined],
])('%j is read as %j', (body, command) => {
  expect(readCommand(body)).toEqual(command)
})
