import { compareSnapshots, startUniverse } from '@meridian/lab-universe'
import { expect, onTestFinished, test } from 'vitest'

const name = 'usa.k8s.example.com'

type Lab = Awaited<ReturnType<typeof openUniverse>>

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
  const then = await lab.before(() => lab.addCluster(name, { store: 's3://platform' }))
  await lab.kops(`get clusters --state=s3://platform`)

  expect(Object.keys(then).length).toBeGreaterThan(80)
  expect(lab.since(then)).toEqual([])
})

test('a deletion by one account shows what it took, and from whom nothing', async () => {
  const lab = await openUniverse()
  const account = lab.aws.addAccount('444455556666')
  const then = await lab.before(async () => {
    await lab.addCluster(name, { store: 's3://ours' })
    await lab.addCluster(name, { store: 's3://theirs', account })
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

const zone = /^. 111122223333 zone k8s\.example\.com\. \S+/.source

test.each<[what: string, change: (lab: Lab) => unknown, told: RegExp]>([
  ['a resource that is new', lab => addVolume(lab, 'vol-2'), /^\+ 111122223333 us-east-1 volume vol-2$/],
  ['a resource that is gone', lab => lab.world.inventory.remove('vol-1'), /^- \S+ us-east-1 volume vol-1$/],
  ['a tag', lab => lab.world.inventory.tag('vol-1', { a: 'c' }), / vol-1: .*"a":"b".* -> .*"a":"c"/],
  ['what a resource is', lab => resize(lab, 'vol-1', 40), / vol-1: .*"size":20.* -> .*"size":40/],
  ['a version', lab => lab.aws.s3.putObject('platform', 'other', 'x'), /^\+ s3:\/\/platform\/other /],
  ['a content', lab => lab.aws.s3.putObject('platform', 'kept', 'y'), /^(~|\+) s3:\/\/platform\/kept /],
  ['a loss', lab => lab.aws.s3.dropObject('platform', 'kept'), /^- s3:\/\/platform\/kept /],
  ['a setting of a bucket', lab => lab.aws.s3.lock('platform', { key: 'none' }), /^~ s3:\/\/platform: /],
  ['a bucket', lab => lab.aws.s3.addBucket('other'), /^\+ s3:\/\/other$/],
  [
    'a record',
    lab => putRecord(lab, 'new', '192.0.2.1'),
    new RegExp(`${zone} new\\.k8s\\.example\\.com\\. A$`),
  ],
  ['a value', lab => putRecord(lab, 'www', '192.0.2.2'), /^~ .* www\..*192\.0\.2\.1.* -> .*192\.0\.2\.2/],
  ['a protection', lab => protect(lab, 'www'), new RegExp(`${zone} protection .*www`)],
  ['a zone', lab => lab.aws.route53.addZone('example.org'), /^\+ 111122223333 zone example\.org\. /],
])('%s is told', async (_, change, told) => {
  const lab = await openUniverse()
  const then = await lab.before(() => {
    addVolume(lab, 'vol-1')
    lab.aws.s3.addBucket('platform')
    lab.aws.s3.putObject('platform', 'kept', 'x')
    putRecord(lab, 'www', '192.0.2.1')
  })
  await change(lab)
  expect(lab.since(then)).toEqual(expect.arrayContaining([expect.stringMatching(told)]))
})

test('what changes in an object of a cluster is told', async () => {
  const lab = await openUniverse()
  await lab.addCluster(name, { store: 's3://platform' })
  const changes: [change: (lab: Lab) => unknown, told: RegExp][] = [
    [lab => api(lab).create('ConfigMap', settings), /^\+ .* ConfigMap default settings$/],
    [lab => edit(lab, { data: { key: 'new' } }), /^~ .* ConfigMap default settings: /],
    [lab => edit(lab, { labels: { a: 'b' } }), /^~ .* ConfigMap default settings: .*"a":"b"/],
    [lab => edit(lab, { annotations: { a: 'b' } }), /^~ .* settings: .*"annotations":\{"a":"b"/],
    [lab => api(lab).remove('ConfigMap', 'default', 'settings'), /^- .* settings$/],
  ]
  for (const [change, told] of changes) {
    const then = lab.snapshot()
    change(lab)
    expect(lab.since(then)).toEqual([expect.stringMatching(told)])
  }
})

const settings = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'default', name: 'settings' },
  data: { key: 'old' },
}

function addVolume({ world }: Lab, id: string) {
  const attributes = { size: 20 }
  return world.inventory.add({ type: 'volume', id, region: 'us-east-1', tags: { a: 'b' }, attributes })
}

function resize({ world }: Lab, id: string, size: number) {
  Object.assign(world.inventory.get(id)?.attributes ?? {}, { size })
}

function putRecord({ zone: { records } }: Lab, label: string, value: string) {
  records.put({ name: `${label}.k8s.example.com.`, type: 'A', ttl: 60, values: [value] })
}

function protect({ zone: { protections } }: Lab, label: string) {
  protections.set(label, { name: `${label}.k8s.example.com.`, type: 'A' })
}

function api(lab: Lab) {
  const [cluster] = lab.clusters.clusters()
  if (cluster === undefined) throw new Error('no cluster serves')
  return cluster.store
}

type Edit = { data?: object; labels?: Record<string, string>; annotations?: Record<string, string> }

function edit(lab: Lab, { data, ...metadata }: Edit) {
  api(lab).modify('ConfigMap', 'default', 'settings', draft => {
    Object.assign(draft, data && { data })
    Object.assign(draft.metadata, metadata)
  })
}
