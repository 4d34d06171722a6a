import { PutObjectCommand } from '@aws-sdk/client-s3'
import { connectAws } from '@meridian/aws'
import { claimKey, type Identity, makeMark, writeTags } from '@meridian/identity'
import { useUniverse } from '@meridian/lab-universe/testing'
import { testJob } from '@meridian/runner/testing'
import { acquireLease, makeStore, type Store, writeClusterClaim } from '@meridian/state'
import { expect, test } from 'vitest'
import { judgeCluster, judgeRegion } from '../../src/index.ts'

const fullName = 'usa.k8s.example.com'
const identity: Identity = { domain: 'k8s.example.com', repository: { id: '1001', name: 'o/r' } }
const ours = makeMark({ ...identity, cluster: fullName })
const theirs: Identity = { ...identity, repository: { id: '2002', name: 'else/where' }, cluster: fullName }
const universe = useUniverse()
let buckets = 0

/** A store whose bucket others have made, unless told otherwise. */
async function open(by: Identity = theirs, path = 'teams') {
  const job = testJob({ env: universe().env })
  const location = { bucket: `judged-${++buckets}-state`, path }
  const wanted = { location, region: 'us-east-1', account: '111122223333', identity: by }
  const store = await makeStore(await connectAws(job, {}), wanted, job)
  if (store === undefined) throw new Error('the bucket is gone')
  return { store, job }
}

const put = ({ s3, bucket: Bucket }: Store, Key: string, Body: string) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body }))
const config = (labels: Record<string, string>) =>
  JSON.stringify({ spec: { cloudLabels: labels, subnets: [{ zone: 'eu-west-1a' }] } })
const kindOf = async (store: Store) => (await judgeCluster(store, fullName, identity)).claim.kind

test('the claim says whose it is, whatever the labels say', async () => {
  const { store } = await open()
  await put(store, `teams/${fullName}/config`, config(writeTags(makeMark(theirs))))
  await writeClusterClaim(store, fullName, ours, undefined)
  const { claim, config: found, etag } = await judgeCluster(store, fullName, identity)
  expect(claim).toMatchObject({ kind: 'ours', mark: ours, owned: { fullName } })
  expect(found?.region).toBe('eu-west-1')
  expect(etag).toMatch(/^"/)
})

test.each<[string, Record<string, string>, string]>([
  ['ours', writeTags(ours), 'ours'],
  ['ours of version 0.1', { 'meridian:environment': 'default', 'meridian:owner': 'o/r' }, 'ours'],
  ['of another environment of version 0.1', { 'meridian:environment': 'pr-1' }, 'foreign'],
  ['of another repository', writeTags(makeMark(theirs)), 'foreign'],
  ['of nobody, although the bucket is of another', {}, 'unclaimed'],
  ['of a schema that is none', { 'meridian:environment': 'default', 'meridian:schema': 'new' }, 'unreadable'],
])('without a claim its own labels do: they are %s', async (_, labels, kind) => {
  const { store } = await open()
  await put(store, `teams/${fullName}/config`, config(labels))
  expect(await kindOf(store)).toBe(kind)
})

test('a cluster of nobody in a bucket that we made is still nobody’s', async () => {
  const { store } = await open({ ...identity, cluster: fullName })
  await put(store, `teams/${fullName}/config`, config({}))
  expect(await kindOf(store)).toBe('unclaimed')
})

test.each(['', '<html>sign in</html>', '{}'])(
  'a claim of the text %j is not made good by labels',
  async text => {
    const { store } = await open()
    await put(store, `teams/${fullName}/config`, config(writeTags(ours)))
    await put(store, claimKey(store, fullName), text)
    expect(await kindOf(store)).toBe('unreadable')
  },
)

test.each(['', 'null', '<html>', 'a: [', 'spec: 1'])('a config of the text %j proves nothing', async text => {
  const { store } = await open()
  await put(store, `teams/${fullName}/config`, text)
  await expect(judgeCluster(store, fullName, identity)).rejects.toThrow('is not what kops saves')
})

test('of a run that died before its claim was written, the lease tells', async () => {
  const { store, job } = await open()
  expect(await kindOf(store)).toBe('unclaimed')
  await (await acquireLease(store, { fullName, job, mark: ours }))?.abandon()
  expect(await kindOf(store)).toBe('ours')
})

test('another’s lease on a name that has no cluster keeps it from nobody', async () => {
  const { store, job } = await open()
  await (await acquireLease(store, { fullName, job, mark: makeMark(theirs) }))?.release()
  expect(await kindOf(store)).toBe('unclaimed')
})

test('of a run that died after it made the bucket, the bucket tells', async () => {
  const { store } = await open({ ...identity, cluster: fullName }, '')
  expect(await kindOf(store)).toBe('ours')
})

test('a wrong region is refused, by the input that gave it', () => {
  const cluster = { fullName, region: 'us-east-1' }
  expect(judgeRegion(cluster, { region: 'us-east-1' })).toBeUndefined()
  expect(judgeRegion(cluster, { region: undefined })).toBeUndefined()
  expect(judgeRegion(cluster, { region: 'eu-west-1' }, 'zones')).toMatchObject({
    message: 'usa.k8s.example.com is in eu-west-1, not in us-east-1',
    input: 'zones',
  })
})
