import { describe, expect, test } from 'vitest'
import { mayDelete, planReport, type Wanted } from '../src/plan.ts'
import { type SeenDeployment, task } from '../src/read-github.ts'
import { planSweep } from '../src/sweep.ts'

const [old, head] = ['a'.repeat(40), 'b'.repeat(40)]
const url = 'http://web.pr-42.k8s.example.com'
const author = 'github-actions[bot]'
const deployment = (id: number, more: Partial<SeenDeployment> = {}): SeenDeployment => ({
  ...{ id, sha: head, task, author, environment: 'pr-42', state: 'in_progress' },
  ...{ description: 'The environment is being built.', url: '', at: 0 },
  ...more,
})
const comment = (id: number, body: string) => ({
  ...{ id, url: '', body },
  marker: { root: 'pr-42.k8s.example.com', state: 'ready', commit: head, wanted: undefined } as const,
})
const plan = (wanted: Partial<Wanted>, seen: Partial<Parameters<typeof planReport>[1]> = {}) =>
  planReport(
    { state: 'ready', body: 'new', commit: head, url, ...wanted },
    { comments: [], deployments: [], ...seen },
  )
const brief = (writes: ReturnType<typeof plan>) =>
  writes.map(write => [
    write.kind,
    'id' in write ? write.id : '',
    'status' in write ? write.status.state : 'body' in write ? write.body : '',
  ])

describe('the comment', () => {
  test('is written once', () => {
    expect(brief(plan({ commit: undefined }))).toEqual([['create-comment', '', 'new']])
  })
  test('is brought up to date in its place', () => {
    expect(brief(plan({ commit: undefined }, { comments: [comment(7, 'old')] }))).toEqual([
      ['update-comment', 7, 'new'],
    ])
  })
  test('is left alone where it says so already', () => {
    expect(plan({ commit: undefined }, { comments: [comment(7, 'new')] })).toEqual([])
  })
  test('is the oldest of those that runs at the same time have written', () => {
    const comments = [comment(7, 'new'), comment(8, 'new')]
    expect(brief(plan({ commit: undefined }, { comments }))).toEqual([['delete-comment', 8, '']])
  })
})

describe('the deployment', () => {
  const comments = [comment(7, 'new')]
  test('is made for the first run of a commit', () => {
    expect(brief(plan({ state: 'building' }, { comments }))).toEqual([
      ['create-deployment', '', 'in_progress'],
    ])
  })
  test('of the same commit is used again', () => {
    expect(brief(plan({}, { comments, deployments: [deployment(1)] }))).toEqual([
      ['set-status', 1, 'success'],
    ])
  })
  test('is left alone where it says so already', () => {
    const said = deployment(1, { state: 'success', description: 'The environment is ready.', url })
    expect(plan({}, { comments, deployments: [said] })).toEqual([])
  })
  test('of the commit before is served until the new one is', () => {
    const before = deployment(1, { sha: old, state: 'success', url })
    expect(brief(plan({ state: 'updating' }, { comments, deployments: [before] }))).toEqual([
      ['create-deployment', '', 'in_progress'],
    ])
    expect(brief(plan({}, { comments, deployments: [deployment(2), before] }))).toEqual([
      ['set-status', 1, 'inactive'],
      ['set-status', 2, 'success'],
    ])
  })
  test.each(['removing', 'gone'] as const)('of every commit ends when the environment is %s', state => {
    const deployments = [deployment(2, { state: 'success' }), deployment(1, { sha: old, state: 'failure' })]
    expect(brief(plan({ state }, { comments, deployments }))).toEqual([
      ['set-status', 1, 'inactive'],
      ['set-status', 2, 'inactive'],
    ])
  })
  test('of a commit that is the head again is made anew, after that of the commit in between', () => {
    const deployments = [deployment(2, { sha: old }), deployment(1, { state: 'success', url })]
    expect(brief(plan({ state: 'updating' }, { comments, deployments }))).toEqual([
      ['create-deployment', '', 'in_progress'],
    ])
    expect(brief(plan({}, { comments, deployments: [deployment(3), ...deployments] }))).toEqual([
      ['set-status', 1, 'inactive'],
      ['set-status', 2, 'inactive'],
      ['set-status', 3, 'success'],
    ])
  })
  test('that has ended is not used again', () => {
    const ended = deployment(1, { state: 'inactive' })
    expect(brief(plan({ state: 'building' }, { comments, deployments: [ended] }))).toEqual([
      ['create-deployment', '', 'in_progress'],
    ])
  })
  test('of others is never touched', () => {
    const others = deployment(1, { task: 'deploy', state: 'success' })
    expect(plan({ state: 'gone' }, { comments, deployments: [others] })).toEqual([])
  })
  test('is none where nothing is made', () => {
    expect(plan({ state: 'refused' }, { comments })).toEqual([])
  })
})

describe("GitHub's environment object", () => {
  const there = [{ name: 'pr-42', hasRules: false }]
  test('goes with its last deployment of ours', () => {
    expect(mayDelete('pr-42', there, [deployment(1)], author)).toBe(true)
  })
  test.each([
    ['where others deploy to it', there, [deployment(1), deployment(2, { task: 'deploy' })]],
    ['where somebody else has used our name for it', there, [deployment(1, { author: 'ann' })]],
    ['where somebody has made rules for it', [{ name: 'pr-42', hasRules: true }], [deployment(1)]],
    ['where nothing of ours was ever in it', there, []],
    ['where it is not there', [], [deployment(1)]],
  ])('stays %s', (_what, environments, deployments) => {
    expect(mayDelete('pr-42', environments, deployments, author)).toBe(false)
  })
})

describe('a sweep', () => {
  const where = { repository: 'acme/shop', domain: 'k8s.example.com', prefix: 'pr-' }
  const now = 100 * 3_600_000
  const reaped = (environment: string, gone: boolean, more: object = {}) => ({
    ...{ environment, domain: where.domain, repository: where.repository, gone, reason: 'it expired 1h ago' },
    pullRequest: environment.slice(3),
    ...more,
  })
  const sweep = (environments: ReturnType<typeof reaped>[], deployments: SeenDeployment[] = []) =>
    planSweep(environments, deployments, where, now).map(({ environment }) => environment)

  test('tells of what the reaper has taken', () => {
    expect(planSweep([reaped('pr-42', true)], [], where, now)).toEqual([
      { environment: 'pr-42', number: 42, reason: 'it expired 1h ago' },
    ])
  })
  test('tells of what nobody finds any more although its deployment lives', () => {
    expect(sweep([], [deployment(1, { state: 'success' })])).toEqual(['pr-42'])
  })
  test.each([
    ['what stands', [reaped('pr-42', false)], [deployment(1, { state: 'success' })]],
    ['what is being built', [], [deployment(1, { at: now - 3_600_000 })]],
    ['what has ended', [], [deployment(1, { state: 'inactive' })]],
    ['what belongs to another repository', [reaped('pr-42', true, { repository: 'acme/other' })], []],
    ['what is under another domain', [reaped('pr-42', true, { domain: 'example.org' })], []],
    ['an environment that is none of a pull request', [], [deployment(1, { environment: 'production' })]],
  ])('leaves alone %s', (_what, environments, deployments) => {
    expect(sweep(environments, deployments)).toEqual([])
  })
})
