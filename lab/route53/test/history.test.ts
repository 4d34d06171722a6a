import { expect, test } from 'vitest'
import { brokenAnswers } from '../answer-history.ts'
import { create, latency, openZone, record, remove, upsert } from '../testing/zone-fixture.ts'

const www = 'www.example.com'
const regions = ['eu-west-1', 'us-east-1']
const groupOf = (...names: string[]) =>
  Object.fromEntries(names.map(name => [name, `app.${name}.example.net`]))
const moved = { 'eu-west-1': 'b.example.net', 'us-east-1': 'b.example.net' }
const move = (region: string) => latency(www, region, { ResourceRecords: [{ Value: 'b.example.net' }] })

async function openHistory() {
  const zone = await openZone()
  const broken = (...meant: Record<string, string>[]) =>
    brokenAnswers(zone.aws.route53.answersOf(www), meant, zone.world.clock.elapsed())
  return { ...zone, broken }
}

test('a group that changes in one batch is never seen half made', async () => {
  const { build, change, broken, aws } = await openHistory()
  await change(...regions.map(region => create(latency(www, region))))
  await build(create(record('other.example.com', 'A', '192.0.2.1')))
  await change(...regions.flatMap(region => [remove(latency(www, region)), create(move(region))]))

  expect(aws.route53.answersOf('WWW.example.com.').map(({ targets }) => targets)).toEqual([
    groupOf(...regions),
    moved,
  ])
  expect(broken(groupOf(...regions), moved)).toEqual([])
})

test('regions that change one by one are seen as a mixture, for as long as it lasts', async () => {
  const { build, broken } = await openHistory()
  await build(...regions.map(region => create(latency(www, region))))
  await build(...regions.map(region => upsert(move(region))))

  const found = broken(groupOf(...regions), moved)

  expect(found.map(({ kind, state }) => [kind, state.targets])).toEqual([
    ['mixed', groupOf('eu-west-1')],
    ['mixed', { ...groupOf('us-east-1'), 'eu-west-1': 'b.example.net' }],
  ])
  for (const { seconds } of found) expect(seconds).toBeGreaterThanOrEqual(1)
})

test('a name without its group is empty, unless it was meant to go', async () => {
  const { build, broken } = await openHistory()
  await build(create(latency(www, 'eu-west-1')), remove(latency(www, 'eu-west-1')))

  expect(broken(groupOf('eu-west-1')).map(({ kind }) => kind)).toEqual(['empty'])
  expect(broken(groupOf('eu-west-1'), {})).toEqual([])
})

test('two types of a region that lead to different places are a mixture', async () => {
  const { build, broken, zone } = await openHistory()
  const target = (name: string) => record(name, 'AAAA', '2001:db8::1')
  await build(create(record('a.example.com', 'A', '192.0.2.1')), create(target('b.example.com')))
  const alias = (Type: 'A' | 'AAAA', DNSName: string) => ({
    Name: www,
    Type,
    Region: 'eu-west-1' as const,
    SetIdentifier: 'eu',
    AliasTarget: { HostedZoneId: zone.id, DNSName, EvaluateTargetHealth: false },
  })
  await build(create(alias('A', 'a.example.com')), create(alias('AAAA', 'b.example.com')))

  expect(broken({ 'eu-west-1': 'a.example.com' }).map(({ state }) => state.targets)).toEqual([
    { 'eu-west-1': 'a.example.com or b.example.com' },
  ])
})
