import { type Identity, makeMark } from '@meridian/identity'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/plan/plan.ts'
import { planRemoval } from '../../src/plan/plan-removal.ts'
import { fqdn, nothing, observe, run, runOf, threeRegions, unmarked } from '../groups.ts'

test('our group and its mark are removed by their exact values', () => {
  const observed = observe(threeRegions)
  const plan = planRemoval(run, observed)
  expect(plan.kind === 'change' && plan.batch).toEqual(
    [...observed.records, ...observed.ownerRecords].map(set => ({
      Action: 'DELETE',
      ResourceRecordSet: set,
    })),
  )
})

test('where nothing is, nothing is done', () => {
  expect(planRemoval(run, nothing)).toEqual({ kind: 'nothing', rows: [] })
})

test('a mark without a group is removed', () => {
  const plan = planRemoval(run, { ...observe(threeRegions), records: [] })
  expect(plan.kind === 'change' && plan.batch.length).toBe(1)
})

test("another owner's group is refused", () => {
  expect(planRemoval(run, observe(threeRegions, 'pr-7'))).toMatchObject({ reason: 'foreign-owner' })
})

test('a group without mark is refused', () => {
  expect(planRemoval(run, unmarked(threeRegions))).toMatchObject({ reason: 'unowned' })
})

test('what else stands at the name stays', () => {
  const mail = {
    Name: `${fqdn}.`,
    Type: 'MX' as const,
    TTL: 60,
    ResourceRecords: [{ Value: '10 mail.example.com' }],
  }
  const plan = planRemoval(run, observe([], 'default', [mail]))
  expect(plan.kind === 'change' && plan.batch.map(change => change.ResourceRecordSet?.Type)).toEqual(['TXT'])
})

const reason = (plan: Plan) => (plan.kind === 'refuse' ? plan.reason : plan.kind)

test.each<[string, Identity]>([
  ['another environment', runOf('pr-1')],
  ['another domain', { ...run, domain: 'a.k8s.example.com' }],
  ['another repository', { ...run, repository: { id: '2', name: 'acme/other' } }],
])('a group of %s is refused, whole and in part', (_, identity) => {
  for (const regions of [undefined, ['us-east-1'], ['sa-east-1']])
    expect(reason(planRemoval(identity, observe(threeRegions), { regions }))).toBe('foreign-owner')
})

describe('version 0.1 knew no domain', () => {
  const below = { ...run, domain: 'example.com' }
  const older = observe(threeRegions, { schema: 1, owner: 'default' })

  test('a name that was found is of the domain that follows from it', () => {
    expect(reason(planRemoval(run, older, { named: false }))).toBe('change')
    expect(reason(planRemoval(below, older, { named: false }))).toBe('foreign-owner')
  })

  test('a name that was given is taken at its owner', () => {
    expect(reason(planRemoval(below, older))).toBe('change')
  })
})

describe('some regions', () => {
  const batchOf = (plan: Plan) =>
    plan.kind === 'change'
      ? plan.batch.map(({ Action, ResourceRecordSet: set }) => `${Action} ${set?.Region ?? 'owner'}`)
      : plan.kind

  test.each<[string, string[], string[] | string]>([
    ['one', ['us-east-1'], ['DELETE us-east-1', 'DELETE owner', 'CREATE owner']],
    [
      'one that is there and one that is not',
      ['us-east-1', 'sa-east-1'],
      ['DELETE us-east-1', 'DELETE owner', 'CREATE owner'],
    ],
    ['none that is there', ['sa-east-1'], 'nothing'],
    ['none', [], 'nothing'],
    [
      'all',
      threeRegions.map(({ region }) => region),
      ['DELETE us-east-1', 'DELETE eu-west-1', 'DELETE ap-northeast-1', 'DELETE owner'],
    ],
  ])('%s', (_, regions, expected) => {
    expect(batchOf(planRemoval(run, observe(threeRegions), { regions }))).toEqual(expected)
  })

  test('of a group that nothing is left of: its mark goes', () => {
    const gone = { ...observe(threeRegions), records: [] }
    expect(batchOf(planRemoval(run, gone, { regions: ['us-east-1'] }))).toEqual(['DELETE owner'])
  })

  test('leave a mark that fits what stays, as if the group had been written so', () => {
    const plan = planRemoval(run, observe(threeRegions), { regions: ['us-east-1'] })
    const mark = plan.kind === 'change' ? plan.batch.at(-1)?.ResourceRecordSet : undefined
    expect(mark).toEqual(observe(threeRegions.slice(1)).ownerRecords[0])
  })
})

describe('a refusal advises what would make the group the run’s own, and nothing where nothing would', () => {
  const other = { id: '2', name: 'acme/other' }
  test.each<[string, Identity, Identity, string | undefined]>([
    ['another owner', runOf('pr-1'), run, 'give owner: pr-1.'],
    ['another repository', { ...run, repository: other }, run, 'give repository: acme/other.'],
    ['both', { ...runOf('pr-1'), repository: other }, run, 'give owner: pr-1 and repository: acme/other.'],
    [
      'a repository of the same name',
      { ...run, repository: { ...other, name: 'acme/shop' } },
      run,
      undefined,
    ],
    ['no repository', { ...runOf('pr-1'), repository: { id: '', name: '' } }, run, undefined],
    ['another domain', { ...runOf('pr-1'), domain: 'a.org' }, run, undefined],
    ['another account', { ...run, account: '1' }, { ...run, account: '2' }, undefined],
  ])('%s', (_, theirs, mine, advice) => {
    const plan = planRemoval(mine, observe(threeRegions, makeMark(theirs)))
    const fix = plan.kind === 'refuse' ? plan.fix : ''
    expect(fix.split(' all the same, ')[1]).toBe(advice)
  })
})
