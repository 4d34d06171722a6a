import { ChangeResourceRecordSetsCommand, type ResourceRecordSet } from '@aws-sdk/client-route-53'
import { testJob } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { judgeGroup } from '../../src/ownership/judge-group.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planGroup } from '../../src/plan/plan-group.ts'
import { planRemoval } from '../../src/plan/plan-removal.ts'
import { lookAndPlan } from '../../src/plan/read-and-plan.ts'
import { type LatencyRecord, toRecordSet } from '../../src/records/latency-record.ts'
import { applyGroup } from '../../src/zone/apply-group.ts'
import { readGroups, recordsLeadingTo, type ZoneGroup } from '../../src/zone/read-groups.ts'
import { cname, desire, fqdn, run, runOf, threeRegions } from '../groups.ts'
import { type LabRoute53, openRoute53 } from '../lab-route53.ts'
import { ownerRecordSet01 } from '../version-0.1.ts'

async function create(lab: LabRoute53, sets: readonly ResourceRecordSet[]) {
  const Changes = sets.map(set => ({ Action: 'CREATE' as const, ResourceRecordSet: set }))
  await lab.client.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: lab.zone.id, ChangeBatch: { Changes } }),
  )
}

async function apply(lab: LabRoute53, name: string, plan: Parameters<typeof lookAndPlan>[3]) {
  const decide = () => lookAndPlan(lab.client, lab.zone, name, plan)
  return applyGroup(testJob(), lab.client, lab.zone, await decide(), decide)
}

const write = (lab: LabRoute53, name: string, owner = 'default', records = threeRegions) =>
  apply(lab, name, observed =>
    planGroup(desire(records, { fqdn: name, identity: runOf(owner), maxDeletes: 9 }), observed),
  )

/** A group as version 0.1 has written it. */
function write01(lab: LabRoute53, name: string, owner = 'default') {
  const sets = threeRegions.map(record => toRecordSet(name, record))
  return create(lab, [...sets, ownerRecordSet01(`_meridian.${name}`, owner, sorted(sets))])
}

const sorted = (sets: readonly ResourceRecordSet[]) =>
  sets.toSorted((a, b) => ((a.Region ?? '') < (b.Region ?? '') ? -1 : 1))

/** A group as external-dns writes it. */
const externalDns = (name: string, records: readonly LatencyRecord[] = threeRegions) =>
  records.flatMap(record => {
    const set = toRecordSet(name, record)
    const value = '"heritage=external-dns,external-dns/owner=me,external-dns/resource=crd/default/usa"'
    const text = { ...set, Name: `cname-${name}.`, Type: 'TXT' as const, ResourceRecords: [{ Value: value }] }
    return [set, text]
  })

const tell = (groups: readonly ZoneGroup[], named = false, identity = run) =>
  Object.fromEntries(groups.map(group => [group.fqdn, judgeGroup(group, identity, { named }).kind]))
const reason = (plan: Plan) => (plan.kind === 'refuse' ? plan.reason : plan.kind)

describe('the groups of a zone', () => {
  test('are all that have a mark or latency records, each with whose it is and where it leads', async () => {
    await using lab = await openRoute53()
    await write(lab, fqdn)
    await write(lab, 'app.pr-1.k8s.example.com', 'pr-1')
    await create(lab, externalDns('www.k8s.example.com'))
    await create(lab, [toRecordSet('bare.k8s.example.com', cname('us-east-1'))])
    const groups = await readGroups(lab.client, lab.zone)
    expect(tell(groups)).toEqual({
      'bare.k8s.example.com': 'unclaimed',
      [fqdn]: 'ours',
      'app.pr-1.k8s.example.com': 'foreign',
      'www.k8s.example.com': 'foreign',
    })
    const at = (name: string) => groups.find(group => group.fqdn === name)
    expect(at('www.k8s.example.com')?.reading).toEqual({ kind: 'alien', by: 'external-dns (its owner me)' })
    expect(at(fqdn)?.records).toEqual([
      { region: 'ap-northeast-1', target: 'lb.ap-northeast-1.example.net' },
      { region: 'eu-west-1', target: 'lb.eu-west-1.example.net' },
      { region: 'us-east-1', target: 'lb.us-east-1.example.net' },
    ])
    expect(recordsLeadingTo(groups, 'us-east-1').map(record => record.fqdn)).toHaveLength(4)
    expect(recordsLeadingTo(groups, 'eu-west-1').map(record => record.fqdn)).toHaveLength(3)
  })

  test('are read in one read of a small zone, page by page of a large one', async () => {
    await using lab = await openRoute53()
    await write(lab, fqdn)
    const host = (at: number): ResourceRecordSet => ({
      Name: `${at}.k8s.example.com`,
      Type: 'A',
      TTL: 60,
      ResourceRecords: [{ Value: '192.0.2.1' }],
    })
    const before = lab.reads().length
    await readGroups(lab.client, lab.zone)
    expect(lab.reads().length).toBe(before + 1)
    await create(
      lab,
      Array.from({ length: 700 }, (_, at) => host(at)),
    )
    expect(tell(await readGroups(lab.client, lab.zone))).toEqual({ [fqdn]: 'ours' })
    expect(lab.reads().length).toBe(before + 4)
  })

  test('that only a mark is left of, are among them', async () => {
    await using lab = await openRoute53()
    await create(lab, [ownerRecordSet01(`_meridian.${fqdn}`, 'default', [])])
    expect(await readGroups(lab.client, lab.zone)).toMatchObject([{ fqdn, records: [] }])
  })
})

describe('a mark of version 0.1, which knew no domain', () => {
  test.each<[string, string, string | undefined, boolean]>([
    ['hugo-fed.k8s.example.com', 'default', undefined, true],
    ['hugo-fed.a.k8s.example.com', 'default', undefined, false],
    ['hugo.fed.k8s.example.com', 'default', undefined, false],
    ['hugo-fed.pr-1.k8s.example.com', 'pr-1', 'pr-1', true],
    ['hugo-fed.pr-1.a.k8s.example.com', 'pr-1', 'pr-1', false],
    ['pr-1.k8s.example.com', 'pr-1', 'pr-1', true],
    ['hugo-fed.default.k8s.example.com', 'default', undefined, false],
  ])(
    'at %s of %s, when it is found by environment %s: ours is %s',
    async (name, owner, environment, ours) => {
      await using lab = await openRoute53()
      await write01(lab, name, owner)
      const groups = await readGroups(lab.client, lab.zone)
      const identity = runOf(environment ?? 'default')
      expect(tell(groups, false, identity)).toEqual({ [name]: ours ? 'ours' : 'foreign' })
      expect(tell(groups, true, identity)).toEqual({ [name]: 'ours' })
    },
  )

  test('at a name that may be the top of another domain cannot be told whose it is, unless it is named', async () => {
    await using lab = await openRoute53()
    await write01(lab, 'a.k8s.example.com')
    await write01(lab, 'hugo-fed.a.k8s.example.com')
    const groups = await readGroups(lab.client, lab.zone)
    expect(tell(groups)).toMatchObject({ 'a.k8s.example.com': 'unreadable' })
    expect(tell(groups, true)).toMatchObject({ 'a.k8s.example.com': 'ours' })
  })
})

test('the only environments of a domain and of one below it are two, in one zone', async () => {
  await using lab = await openRoute53()
  const below = { ...run, domain: 'a.k8s.example.com' }
  await write(lab, fqdn)
  await apply(lab, 'hugo-fed.a.k8s.example.com', observed =>
    planGroup(desire(threeRegions, { fqdn: 'hugo-fed.a.k8s.example.com', identity: below }), observed),
  )
  const groups = await readGroups(lab.client, lab.zone)
  expect(tell(groups)).toEqual({ [fqdn]: 'ours', 'hugo-fed.a.k8s.example.com': 'foreign' })
  expect(tell(groups, true, below)).toEqual({ [fqdn]: 'foreign', 'hugo-fed.a.k8s.example.com': 'ours' })
})

describe('an answer that is no listing is an error, and never an empty zone', () => {
  const whole = { ResourceRecordSets: [], IsTruncated: false, MaxItems: 300 }
  const soa = { Name: 'k8s.example.com.', Type: 'SOA' }
  test.each([
    ['an empty one', {}],
    ['one without its end', { ...whole, IsTruncated: undefined }],
    ['one without its size', { ...whole, ResourceRecordSets: [soa], MaxItems: undefined }],
    ['a zone without SOA', whole],
    ['the SOA of another zone', { ...whole, ResourceRecordSets: [{ ...soa, Name: 'example.com.' }] }],
    ['a record without type', { ...whole, ResourceRecordSets: [soa, { Name: 'x.k8s.example.com.' }] }],
    ['a page without the next', { ...whole, ResourceRecordSets: [soa], IsTruncated: true }],
  ])('%s', async (_, answer) => {
    const client = { send: async () => answer }
    await expect(readGroups(client as never, { id: 'Z1', name: 'k8s.example.com' })).rejects.toMatchObject({
      name: 'ForeignAnswerError',
    })
  })
})

describe('what external-dns looks after', () => {
  const wish = (more = {}) => desire(threeRegions, { maxDeletes: 9, ...more })
  const plan = (lab: LabRoute53, of: Parameters<typeof lookAndPlan>[3]) =>
    lookAndPlan(lab.client, lab.zone, fqdn, of)

  test('is foreign, also where it equals the wanted group and is to be adopted', async () => {
    await using lab = await openRoute53()
    await create(lab, externalDns(fqdn))
    const plans = [
      await plan(lab, observed => planGroup(wish({ adopt: true }), observed)),
      await plan(lab, observed => planGroup(wish(), observed)),
      await plan(lab, observed => planRemoval(run, observed)),
    ]
    expect(plans.map(reason)).toEqual(['foreign-owner', 'foreign-owner', 'foreign-owner'])
    expect(plans[0]).toMatchObject({ message: expect.stringContaining('external-dns (its owner me)') })
  })

  test('stays foreign where version 0.1 has taken it over', async () => {
    await using lab = await openRoute53()
    await create(lab, externalDns(fqdn))
    const sets = threeRegions.map(record => toRecordSet(fqdn, record))
    await create(lab, [ownerRecordSet01(`_meridian.${fqdn}`, 'default', sorted(sets))])
    expect(reason(await plan(lab, observed => planRemoval(run, observed)))).toBe('foreign-owner')
    expect(tell(await readGroups(lab.client, lab.zone))).toEqual({ [fqdn]: 'foreign' })
  })

  test('beside our group is seen before anything is deleted', async () => {
    await using lab = await openRoute53()
    await write(lab, fqdn)
    await create(lab, externalDns(fqdn, [cname('sa-east-1')]))
    expect(reason(await plan(lab, observed => planGroup(wish(), observed)))).toBe('foreign-owner')
  })

  test('costs a run that changes nothing no read', async () => {
    await using lab = await openRoute53()
    await write01(lab, fqdn)
    const before = lab.reads().length
    expect((await plan(lab, observed => planGroup(wish(), observed))).kind).toBe('nothing')
    expect(lab.reads().length).toBe(before + 1)
  })
})

test('octoDNS’s word for a name is heard as well', async () => {
  await using lab = await openRoute53()
  const value = [{ Value: '"*octodns*"' }]
  await create(lab, [
    ...threeRegions.map(record => toRecordSet(fqdn, record)),
    { Name: `_owner.CNAME.${fqdn}.`, Type: 'TXT', TTL: 60, ResourceRecords: value },
  ])
  const plan = await lookAndPlan(lab.client, lab.zone, fqdn, observed =>
    planGroup(desire(threeRegions, { adopt: true }), observed),
  )
  expect(plan).toMatchObject({ reason: 'foreign-owner', message: expect.stringContaining('octoDNS') })
})

test('a group of version 0.1 is ours to change, and says more from then on', async () => {
  await using lab = await openRoute53()
  await write01(lab, fqdn)
  await write(lab, fqdn, 'default', threeRegions.slice(0, 2))
  const [group] = await readGroups(lab.client, lab.zone)
  expect(group?.written).toMatchObject({ kind: 'marked', mark: { schema: 2, domain: 'k8s.example.com' } })
})

test('a long mark is kept by Route 53 as it is written, and found again', async () => {
  await using lab = await openRoute53()
  const domain = `${'a'.repeat(60)}.${'b'.repeat(60)}.k8s.example.com`
  const identity = { ...run, domain, account: '111122223333' }
  const name = `hugo-fed.${domain}`
  const wish = (records: typeof threeRegions) => desire(records, { fqdn: name, identity })
  await apply(lab, name, observed => planGroup(wish(threeRegions), observed))
  await apply(lab, name, observed => planGroup(wish(threeRegions.slice(0, 2)), observed))
  expect(tell(await readGroups(lab.client, lab.zone), false, identity)).toEqual({ [name]: 'ours' })
  await apply(lab, name, observed => planRemoval(identity, observed))
  expect(await readGroups(lab.client, lab.zone)).toEqual([])
})
