import { makeMark } from '@meridian/identity'
import { describe, expect, test } from 'vitest'
import { type GroupBirth, isMarkDue, markGroup, remarkGroup } from '../../src/ownership/group-mark.ts'
import { runOf } from '../groups.ts'

const now = new Date('2026-11-24T10:00:00.789Z')
const hours = (count: number) => count * 3_600_000
const later = (count: number) => new Date(now.getTime() + hours(count))
const life = { lifetime: hours(72), now }
const run = runOf('pr-42')

describe('a mark whose group stays is written anew', () => {
  test.each<[string, Parameters<typeof makeMark>[1], GroupBirth, boolean]>([
    ['not where nothing is said', {}, {}, false],
    ['not with all of the lifetime left', { expiresAt: later(72) }, { life }, false],
    ['not with half of it left', { expiresAt: later(36) }, { life }, false],
    ['with less than half of it left', { expiresAt: later(35.9) }, { life }, true],
    ['when it has expired', { expiresAt: later(-1) }, { life }, true],
    ['when it is to expire sooner', { expiresAt: later(73) }, { life }, true],
    ['when it is to expire from now on', {}, { life }, true],
    ['when it is to stay for good', { expiresAt: later(72) }, {}, true],
    ['not by a run of the same pull request', { pullRequest: 42 }, { pullRequest: 42 }, false],
    ['by a run of another pull request', { pullRequest: 41 }, { pullRequest: 42 }, true],
    ['by a run of none', { pullRequest: 41 }, {}, true],
    ['by a run of the first', {}, { pullRequest: 42 }, true],
  ])('%s', (_, written, birth, due) => expect(isMarkDue(makeMark(run, written), birth)).toBe(due))

  test('when its end cannot be read', () => {
    expect(isMarkDue({ ...makeMark(run), expiresAt: 'soon' }, { life })).toBe(true)
  })

  test('and then no longer', () => {
    const birth = { life, pullRequest: 42 }
    expect(isMarkDue(markGroup(run, birth), birth)).toBe(false)
  })
})

describe('a new mark', () => {
  test('counts the lifetime from now', () => {
    expect(markGroup(run, { life }).expiresAt).toBe('2026-11-27T10:00:00Z')
  })

  test('keeps the id of a repository that was only named, and an account that was not asked for', () => {
    const before = makeMark({ ...run, account: '111122223333' })
    const named = { ...run, repository: { id: '', name: 'Acme/Shop' } }
    expect(markGroup(named, {}, before)).toEqual(before)
  })

  test('has the new name of a repository', () => {
    const renamed = { ...run, repository: { id: '1001', name: 'acme/store' } }
    expect(markGroup(renamed, {}, makeMark(run)).repository).toEqual(renamed.repository)
  })

  test('of a group that loses regions keeps its end and its pull request', () => {
    const before = makeMark(run, { expiresAt: later(1), pullRequest: 42 })
    expect(remarkGroup(run, before)).toEqual(before)
    expect(remarkGroup(run, { schema: 1, owner: 'pr-42' })).toEqual(makeMark(run))
  })
})
