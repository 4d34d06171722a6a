import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53'
import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { planGroup } from '../../src/plan/plan-group.ts'
import { planRemoval } from '../../src/plan/plan-removal.ts'
import { type LatencyRecord, targetOf } from '../../src/records/latency-record.ts'
import { applyGroup } from '../../src/zone/apply-group.ts'
import { readGroup } from '../../src/zone/read-group.ts'
import { cname, desire, fqdn, run, runOf, threeRegions } from '../groups.ts'
import { type LabRoute53, openRoute53 } from '../lab-route53.ts'

async function apply(lab: LabRoute53, records: readonly LatencyRecord[], owner = 'default') {
  const wish = desire(records, { identity: runOf(owner), maxDeletes: 9 })
  const decide = async () => planGroup(wish, await readGroup(lab.client, lab.zone, fqdn))
  return applyGroup(testJob(), lab.client, lab.zone, await decide(), decide)
}

async function targets(lab: LabRoute53) {
  const { records } = await readGroup(lab.client, lab.zone, fqdn)
  return Object.fromEntries(records.map(set => [set.Region, targetOf(set)]))
}

const wanted = Object.fromEntries(threeRegions.map(({ region, target }) => [region, target]))

test('a group is written with one change', async () => {
  await using lab = await openRoute53()
  const applied = await apply(lab, threeRegions)
  expect(applied).toMatchObject({ changed: true, changeId: expect.stringMatching(/^C/) })
  expect(lab.writes()).toEqual(['ChangeResourceRecordSets'])
  expect(await targets(lab)).toEqual(wanted)
})

test('a second run reads once and writes nothing', async () => {
  await using lab = await openRoute53()
  await apply(lab, threeRegions)
  const before = lab.reads().length
  expect(await apply(lab, threeRegions)).toMatchObject({ changed: false })
  expect(lab.writes().length).toBe(1)
  expect(lab.reads().length).toBe(before + 1)
})

test('a busy zone is waited for', async () => {
  await using lab = await openRoute53(['busy-zone'])
  expect(await apply(lab, threeRegions)).toMatchObject({ changed: true })
  expect(await targets(lab)).toEqual(wanted)
})

test('a change whose answer is lost is found by reading back', async () => {
  await using lab = await openRoute53(['drop-answer:2'])
  const applied = await apply(lab, threeRegions)
  expect(applied).toMatchObject({ changed: true })
  expect(applied.changeId).toBeUndefined()
  expect(lab.writes()).toEqual(['ChangeResourceRecordSets'])
  expect(await targets(lab)).toEqual(wanted)
})

test('a change that did not arrive is sent again', async () => {
  await using lab = await openRoute53(['fail-request:2'])
  expect(await apply(lab, threeRegions)).toMatchObject({ changed: true })
  expect(await targets(lab)).toEqual(wanted)
})

test('a writer in between is followed: the plan is made anew', async () => {
  await using lab = await openRoute53()
  const wish = desire(threeRegions, { maxDeletes: 9 })
  const decide = async () => planGroup(wish, await readGroup(lab.client, lab.zone, fqdn))
  const stale = await decide()
  await apply(lab, [cname('us-east-1', 'other.example.net'), cname('sa-east-1')])
  await applyGroup(testJob(), lab.client, lab.zone, stale, decide)
  expect(await targets(lab)).toEqual(wanted)
})

test('a foreign owner in between stops the run and keeps its group', async () => {
  await using lab = await openRoute53()
  const decide = async () => planGroup(desire(threeRegions), await readGroup(lab.client, lab.zone, fqdn))
  const stale = await decide()
  await apply(lab, [cname('sa-east-1')], 'pr-1')
  await expect(applyGroup(testJob(), lab.client, lab.zone, stale, decide)).rejects.toThrow(
    'belongs to pr-1.k8s.example.com of acme/shop',
  )
  expect(await targets(lab)).toEqual({ 'sa-east-1': 'lb.sa-east-1.example.net' })
})

test('two applies at once end in one of the two groups, whole', async () => {
  await using lab = await openRoute53()
  await apply(lab, threeRegions)
  const left = [cname('us-east-1', 'left.example.net'), cname('eu-west-1', 'left.example.net')]
  const right = [cname('us-east-1', 'right.example.net'), cname('sa-east-1', 'right.example.net')]
  await Promise.all([apply(lab, left), apply(lab, right)])
  expect(new Set(Object.values(await targets(lab))).size).toBe(1)
})

test('a removal takes the group and its mark, and a second one nothing', async () => {
  await using lab = await openRoute53()
  await apply(lab, threeRegions)
  const decide = async () => planRemoval(run, await readGroup(lab.client, lab.zone, fqdn))
  await applyGroup(testJob(), lab.client, lab.zone, await decide(), decide)
  expect(await readGroup(lab.client, lab.zone, fqdn)).toEqual({ fqdn, records: [], ownerRecords: [] })
  expect((await decide()).kind).toBe('nothing')
})

test('a change that Route 53 rejects as it stands fails with its words', async () => {
  await using lab = await openRoute53()
  const decide = async () =>
    planGroup(desire([cname('us-east-1', 'bad target')]), await readGroup(lab.client, lab.zone, fqdn))
  await expect(applyGroup(testJob(), lab.client, lab.zone, await decide(), decide)).rejects.toThrow(
    /Route 53 rejects the change/,
  )
})

test('the mark is found behind many names that sort before it', async () => {
  await using lab = await openRoute53()
  await apply(lab, threeRegions)
  const create = (at: number) => ({
    Action: 'CREATE' as const,
    ResourceRecordSet: {
      Name: `${at}.${fqdn}`,
      Type: 'A' as const,
      TTL: 60,
      ResourceRecords: [{ Value: '192.0.2.1' }],
    },
  })
  const Changes = Array.from({ length: 400 }, (_, at) => create(at))
  await lab.client.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: lab.zone.id, ChangeBatch: { Changes } }),
  )
  const observed = await readGroup(lab.client, lab.zone, fqdn)
  expect([observed.records.length, observed.ownerRecords.length]).toEqual([3, 1])
})
