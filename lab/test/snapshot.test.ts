import { expect, onTestFinished, test } from 'vitest'
import { compareSnapshots } from '../snapshot.ts'
import { startUniverse } from '../universe.ts'

const name = 'usa.k8s.example.com'

async function openUniverse() {
  const universe = await startUniverse({ scale: 10_000 })
  onTestFinished(() => universe.close())
  const before = async (prepare: () => Promise<void> | void) => {
    await prepare()
    return universe.snapshot()
  }
  return {
    ...universe,
    before,
    since: (then: ReturnType<typeof universe.snapshot>) => compareSnapshots(then, universe.snapshot()),
  }
}

test('nothing differs while nobody does anything', async () => {
  const lab = await openUniverse()
  const then = await lab.before(() => lab.addCluster(name, { store: 's3://platform', serving: true }))
  await lab.kops(`get clusters --state=s3://platform`)

  expect(Object.keys(then).length).toBeGreaterThan(80)
  expect(lab.since(then)).toEqual([])
})

test('a deletion by one account shows what it took, and from whom nothing', async () => {
  const lab = await openUniverse()
  const account = lab.aws.addAccount('444455556666')
  const then = await lab.before(async () => {
    await lab.addCluster(name, { store: 's3://ours', serving: true })
    await lab.addCluster(name, { store: 's3://theirs', account, serving: true })
  })
  await lab.kops(`delete cluster ${name} --state=s3://ours --yes`)

  const changes = lab.since(then)
  expect(changes.length).toBeGreaterThan(40)
  expect(
    changes.filter(
      line =>
        !/^- (111122223333 us-east-1 |s3:\/\/ours\/usa|usa.k8s.example.com in 111122223333 )/.test(line),
    ),
  ).toEqual([])
})

test('changes of tags, settings, versions, records and objects are told one by one', async () => {
  const lab = await openUniverse()
  const volume = lab.world.inventory.add({ type: 'volume', region: 'us-east-1', tags: { a: 'b' } })
  const then = await lab.before(async () => {
    await lab.addCluster(name, { store: 's3://platform', serving: true })
  })
  lab.world.inventory.tag(volume.id, { a: 'c' })
  lab.aws.s3.putObject('platform', `${name}.claim.json`, '{}')
  lab.aws.s3.lock('platform', { key: 'nothing' })
  lab.zone.records.put({ name: 'www.k8s.example.com.', type: 'A', ttl: 60, values: ['192.0.2.1'] })
  lab.clusters.clusters()[0]?.store.remove('Namespace', undefined, 'kube-public')

  const changes = lab.since(then)
  expect(changes).toContain(
    `~ 111122223333 us-east-1 volume ${volume.id}: {"tags":{"a":"b"}} -> {"tags":{"a":"c"}}`,
  )
  expect(changes).toContain(`+ s3://platform/${name}.claim.json null`)
  expect(changes).toContain(`+ 111122223333 zone k8s.example.com. ${lab.zone.id} www.k8s.example.com. A`)
  expect(changes.some(line => line.startsWith('~ s3://platform: '))).toBe(true)
  expect(changes.some(line => line.includes(`${name} in 111122223333 Namespace kube-public`))).toBe(true)
})
