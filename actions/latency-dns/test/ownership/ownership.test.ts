import type { Job } from '@meridian/runner'
import { testJob } from '@meridian/runner/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lab, openLab, type RecordSet } from '../in-process.ts'

const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1']
const endpointsTo = (target: string, of = regions) =>
  of.map(region => `${region}: ${target}.${region}.example.net`).join('\n')
const wanted = { record: 'app', endpoints: endpointsTo('mine'), wait: 'false', 'max-deletes': '9' }
const name = 'app.k8s.example.com.'

type Repository = { repository: string; repositoryId: string }
const shop: Repository = { repository: 'acme/shop', repositoryId: '1001' }
const other: Repository = { repository: 'acme/other', repositoryId: '2002' }
const of = (repository: Repository, env: Record<string, string> = {}): Partial<Job> => ({
  run: { ...testJob().run, ...repository },
  env: { ...process.env, ...env },
})
const runAs = (lab: Lab, repository: Repository, inputs: Record<string, string>) =>
  lab.run({ ...wanted, ...inputs }, of(repository))

const cnames = (target: string): RecordSet[] =>
  regions.map(region => ({
    name,
    type: 'CNAME',
    setIdentifier: region,
    region,
    ttl: 60,
    values: [`${target}.${region}.example.net`],
  }))
const text = (at: string, value: string): RecordSet => ({ name: at, type: 'TXT', ttl: 300, values: [value] })
const mark = (fields: string) => text(`_meridian.${name}`, `"heritage=meridian,${fields}"`)
const heritage = '"heritage=external-dns,external-dns/owner=me"'
const full = 'owner=default,schema=2,domain=k8s.example.com,repository=acme/shop,repository-id=1001'

function plant({ universe }: Lab, sets: readonly RecordSet[]): void {
  const table = universe.zone.records.copy()
  for (const set of sets) table.put(set)
  universe.zone.records = table
}

/** Everything that the zone holds. */
const whole = ({ universe }: Lab) => JSON.stringify(universe.zone.records.all())
const markOf = (lab: Lab) => lab.stored('app').find(({ type }) => type === 'TXT')?.values[0] ?? ''

/** Worlds in which the name is not the run's own, and words of the refusal. */
const worlds: Record<string, [RecordSet[], string]> = {
  'another environment': [
    [...cnames('theirs'), mark(full.replace('default', 'pr-1'))],
    'belongs to pr-1.k8s.example.com of acme/shop',
  ],
  'another domain inside the zone': [
    [...cnames('theirs'), mark(full.replace('=k8s', '=a.k8s'))],
    'belongs to a.k8s.example.com of acme/shop',
  ],
  'another repository': [
    [...cnames('theirs'), mark(full.replaceAll('shop', 'other').replace('1001', '2002'))],
    'belongs to k8s.example.com of acme/other',
  ],
  'another repository of the same name': [
    [...cnames('theirs'), mark(full.replace('1001', '2002'))],
    'belongs to k8s.example.com of acme/shop',
  ],
  'another account': [[...cnames('theirs'), mark(`${full},account=999999999999`)], 'account 999999999999'],
  'version 0.1 of another environment': [
    [...cnames('theirs'), mark('owner=pr-1,group=0')],
    "belongs to the environment 'pr-1'",
  ],
  'an unreadable mark': [
    [...cnames('mine'), text(`_meridian.${name}`, '"<html>Sign in</html>"')],
    'whose app.k8s.example.com is cannot be told',
  ],
  'a mark without domain': [[...cnames('mine'), mark('owner=default,schema=2')], 'cannot be told'],
  'no mark': [cnames('theirs'), 'without an owner mark'],
  'external-dns': [[...cnames('mine'), text(`cname-${name}`, heritage)], 'external-dns (its owner me)'],
  'external-dns with a prefix': [
    [...cnames('mine'), text(`team-cname-${name}`, heritage)],
    'external-dns (its owner me)',
  ],
  'external-dns, taken over by version 0.1': [
    [...cnames('theirs'), text(`cname-${name}`, heritage), mark('owner=default,group=0')],
    'external-dns (its owner me)',
  ],
  octoDNS: [[...cnames('mine'), text(`_owner.cname.${name}`, '"*octodns*"')], 'belongs to octoDNS'],
  'a pool of octoDNS': [
    [...cnames('mine'), { ...text(`_octodns-usa-value.${name}`, 'x.example.net'), type: 'CNAME' }],
    'belongs to octoDNS',
  ],
}
const columns: Record<string, Record<string, string>> = {
  apply: {},
  'apply of less': { endpoints: endpointsTo('mine', ['us-east-1']) },
  adopt: { adopt: 'true' },
  protect: { adopt: 'true', protect: 'true' },
  destroy: { mode: 'destroy' },
  'destroy of a region': { mode: 'destroy', regions: 'us-east-1' },
  plan: { mode: 'plan', adopt: 'true' },
  'dry run of destroy': { mode: 'destroy', 'dry-run': 'true' },
}

describe.each(Object.entries(worlds))('where the name has %s', (_, [sets, words]) => {
  let lab: Lab
  beforeAll(async () => {
    lab = await openLab()
    plant(lab, sets)
  })
  afterAll(() => lab[Symbol.asyncDispose]())

  test.each(Object.entries(columns))('%s is refused, and the zone stays as it is', async (_, inputs) => {
    const before = whole(lab)
    await expect(runAs(lab, shop, inputs)).rejects.toThrow(words)
    expect(whole(lab)).toBe(before)
    expect(lab.protections('app')).toEqual([])
    expect(lab.requests().filter(({ write }) => write)).toEqual([])
  })
})

describe('two repositories', () => {
  test('the second neither overwrites nor removes what the first has made', async () => {
    await using lab = await openLab()
    await runAs(lab, shop, {})
    const before = whole(lab)
    for (const inputs of Object.values(columns))
      await expect(runAs(lab, other, inputs)).rejects.toThrow('belongs to k8s.example.com of acme/shop')
    expect(whole(lab)).toBe(before)
  })

  test('a repository that was renamed keeps its records, and a later one of its old name has none', async () => {
    await using lab = await openLab()
    await runAs(lab, shop, {})
    await expect(runAs(lab, { ...shop, repositoryId: '3' }, { mode: 'destroy' })).rejects.toThrow('belongs')
    await runAs(lab, { ...shop, repository: 'acme/store' }, { endpoints: endpointsTo('new') })
    expect(markOf(lab)).toContain('repository=acme/store,repository-id=1001')
  })

  test('what the refusal advises works to the letter', async () => {
    await using lab = await openLab()
    await lab.run({ ...wanted, owner: 'team-a' }, of(shop))
    const refusal: { fix?: string } = await runAs(lab, other, { mode: 'destroy' }).catch(error => error)
    expect(refusal.fix).toContain('give owner: team-a and repository: acme/shop')
    await runAs(lab, other, { mode: 'destroy', owner: 'team-a', repository: 'acme/shop' })
    expect(lab.stored('app')).toEqual([])
  })

  test('a change in the name of another keeps the id of that', async () => {
    await using lab = await openLab()
    await runAs(lab, shop, {})
    await runAs(lab, other, { repository: 'acme/shop', endpoints: endpointsTo('new') })
    expect(markOf(lab)).toContain('repository=acme/shop,repository-id=1001')
  })
})

test('the only environments of a domain and of one below it are two, at one name of one zone', async () => {
  await using lab = await openLab()
  const below = { domain: 'a.k8s.example.com', record: 'app' }
  await runAs(lab, shop, below)
  for (const mode of ['apply', 'destroy'])
    await expect(runAs(lab, shop, { record: 'app.a', mode })).rejects.toThrow('belongs to a.k8s.example.com')
  await runAs(lab, shop, { ...below, mode: 'destroy' })
  expect(lab.stored('app.a')).toEqual([])
})

test('what a run that is cut short advises removes the records', async () => {
  await using lab = await openLab()
  const { advices } = await runAs(lab, shop, { environment: 'pr-1', owner: 'team-a' })
  expect(advices).toEqual([
    'To remove app.pr-1.k8s.example.com, run latency-dns with mode: destroy, domain: k8s.example.com, environment: pr-1, record: app, owner: team-a.',
  ])
  await lab.run(
    { mode: 'destroy', domain: 'k8s.example.com', environment: 'pr-1', record: 'app', owner: 'team-a' },
    of(shop),
  )
  expect(lab.stored('app.pr-1')).toEqual([])
})

describe('a mark of version 0.1', () => {
  test('stays while nothing changes: two reads and no write', async () => {
    await using lab = await openLab()
    plant(lab, [...cnames('mine'), mark('owner=default,group=1027b2f183bc')])
    const { lines } = await runAs(lab, shop, {})
    expect(lines.join('\n')).toContain('(2 reads, 0 writes)')
    expect(markOf(lab)).not.toContain('schema')
  })

  test('says the domain, the repository and the account from the next change on', async () => {
    await using lab = await openLab()
    plant(lab, [...cnames('old'), mark('owner=default,group=0')])
    await runAs(lab, shop, {})
    expect(markOf(lab)).toMatch(
      /^"heritage=meridian,owner=default,group=[0-9a-f]{12},schema=2,domain=k8s\.example\.com,repository=acme\/shop,repository-id=1001,account=\d{12}"$/,
    )
  })

  test.each<[string, Record<string, string>]>([
    ['whole', {}],
    ['by all its regions', { regions: regions.join() }],
  ])('is removed with its group: %s', async (_, inputs) => {
    await using lab = await openLab()
    plant(lab, [...cnames('old'), mark('owner=default,group=0')])
    await runAs(lab, shop, { mode: 'destroy', ...inputs })
    expect(lab.stored('app')).toEqual([])
  })
})

describe('the pull request and the lifetime', () => {
  const pull = () => of(shop, { GITHUB_REF: 'refs/pull/42/merge' })

  test('are in the mark, and a second run changes nothing', async () => {
    await using lab = await openLab()
    const inputs = { ...wanted, lifetime: '72h' }
    const before = Date.now()
    await lab.run(inputs, pull())
    expect(markOf(lab)).toContain(',pull-request=42"')
    const expires = Date.parse(/expires=([^,]*)/.exec(markOf(lab))?.[1] ?? '')
    expect(expires - before).toBeGreaterThan(72 * 3_600_000 - 2_000)
    const { lines } = await lab.run(inputs, pull())
    expect(lines.join('\n')).toContain('(2 reads, 0 writes)')
  })

  test('a run with less than half of the lifetime left renews the mark alone', async () => {
    await using lab = await openLab()
    await lab.run({ ...wanted, lifetime: '30h' }, of(shop))
    const before = lab.stored('app').filter(({ type }) => type === 'CNAME')
    const { outputs } = await lab.run({ ...wanted, lifetime: '72h' }, of(shop))
    expect(outputs.changed).toBe(true)
    expect(lab.stored('app').filter(({ type }) => type === 'CNAME')).toEqual(before)
  })

  test('a plan that was approved is the same when it is applied later', async () => {
    await using lab = await openLab()
    const inputs = { ...wanted, lifetime: '72h' }
    const planned = await lab.run({ ...inputs, mode: 'plan' }, of(shop))
    const { digest } = planned.outputs.plan as { digest: string }
    const other = await lab.run({ ...inputs, lifetime: '73h', mode: 'plan' }, of(shop))
    expect(other.outputs.plan).toMatchObject({ digest })
    await lab.run({ ...inputs, 'approved-plan': digest }, of(shop))
    expect(lab.stored('app')).toHaveLength(4)
  })
})

describe('destroy of some regions', () => {
  const left = (lab: Lab) => lab.stored('app').flatMap(({ region }) => region ?? [])

  test('takes these out in one change, and the group with the last', async () => {
    await using lab = await openLab()
    await runAs(lab, shop, { lifetime: '72h' })
    const expires = /expires=[^,"]*/.exec(markOf(lab))?.[0]
    await runAs(lab, shop, { mode: 'destroy', regions: 'us-east-1' })
    expect(left(lab)).toEqual(['ap-northeast-1', 'eu-west-1'])
    expect(markOf(lab)).toContain(expires)
    await runAs(lab, shop, { mode: 'destroy', regions: 'eu-west-1, ap-northeast-1' })
    expect(lab.stored('app')).toEqual([])
    expect(lab.requests().filter(({ write }) => write)).toHaveLength(3)
  })

  test('that are not there is nothing to do', async () => {
    await using lab = await openLab()
    await runAs(lab, shop, {})
    const { outputs } = await runAs(lab, shop, { mode: 'destroy', regions: 'sa-east-1' })
    expect(outputs.changed).toBe(false)
    expect(left(lab)).toHaveLength(3)
  })

  test('protects the rest again', async () => {
    await using lab = await openLab()
    await runAs(lab, shop, { protect: 'true' })
    await runAs(lab, shop, { mode: 'destroy', regions: 'us-east-1' })
    expect([left(lab).length, lab.protections('app')]).toEqual([2, ['CNAME', 'TXT']])
    await runAs(lab, shop, { mode: 'destroy', regions: 'us-east-1' })
    expect(lab.protections('app')).toEqual(['CNAME', 'TXT'])
  })
})
