import type { S3Client } from '@aws-sdk/client-s3'
import { type Identity, judgeClaim, makeMark, type Reading, unmarked, unreadable } from '@meridian/identity'
import type { Leak } from '@meridian/inventory'
import type { Store } from '@meridian/state'
import { expect, test } from 'vitest'
import type { Scope } from '../../src/inputs.ts'
import type { FoundCluster } from '../../src/survey/cluster.ts'
import { judgeClusters } from '../../src/survey/judge.ts'
import { describeClusters } from '../../src/survey/notices.ts'
import { identityOf } from '../lab-environment.ts'

const scope = (...names: Scope[]): ReadonlySet<Scope> => new Set(names)
const everything = scope('dns', 'app', 'federation', 'clusters', 'state')
const fullName = 'usa.k8s.example.com'
const identity = identityOf('default')
const ours: Reading = { kind: 'marked', mark: makeMark({ ...identity, cluster: fullName }) }
const of = (more: Partial<Identity>): Reading => ({
  kind: 'marked',
  mark: makeMark({ ...identity, cluster: fullName, ...more }),
})
const config = { region: 'us-east-1', labels: {} }
const store: Store = {
  bucket: 'usa.k8s.example.com-state',
  path: '',
  region: 'us-east-1',
  account: '111122223333',
  s3: {} as S3Client,
}

/** A cluster of which everything says that it is ours, but for what is given. */
function found(given: Partial<Omit<FoundCluster, 'claim'>> & { reading?: Reading } = {}): FoundCluster {
  const { reading = ours, ...more } = given
  return {
    cluster: {
      name: 'usa',
      region: 'us-east-1',
      zones: [],
      provider: 'kops',
      fullName,
      stateStore: `s3://${store.bucket}`,
    },
    store,
    claim: judgeClaim({ store, fullName }, reading, identity),
    etag: '"1"',
    config,
    bucket: undefined,
    surroundings: { neighbours: [], lease: false, folder: true, strays: [] },
    resources: { ours: [], others: [], unmarked: [] },
    gateways: [],
    protected: false,
    objectLock: false,
    ...more,
  }
}

const judge = (
  given: Parameters<typeof found>[0],
  inputs: { scope?: ReadonlySet<Scope>; force?: boolean } = {},
) =>
  judgeClusters(
    [found(given)],
    { scope: everything, force: false, stateStoreAccount: undefined, repository: undefined, ...inputs },
    identity,
  )

const absent = { reading: unmarked, config: undefined, etag: undefined }
const volume: Leak = {
  id: 'vol-1',
  type: 'ec2:volume',
  region: 'us-east-1',
  hourlyCost: 0,
  cluster: fullName,
}
const lost = { ...absent, resources: { ours: [volume], others: [], unmarked: [] } }

test.each<[string, Parameters<typeof found>[0]]>([
  ['a cluster of ours', {}],
  ['nothing at all', { ...absent, store: undefined }],
  ['a store without anything of it', absent],
  ['resources of ours whose store is gone', { ...lost, store: undefined }],
  ['what a controller made, without marks', { resources: { ours: [], others: [], unmarked: [volume] } }],
])('%s may be deleted', (_, given) => {
  expect(judge(given)).toBeUndefined()
})

test.each<[string, Parameters<typeof found>[0], string]>([
  ['of another repository', { reading: of({ repository: { id: '7', name: 'acme/b' } }) }, 'acme/b'],
  ['of another environment', { reading: of({ environment: 'pr-1' }) }, 'pr-1.k8s.example.com'],
  ['of another domain', { reading: of({ domain: 'example.com' }) }, 'belongs to example.com'],
  ['that cannot be read', { reading: unreadable('its claim is a page') }, 'its claim is a page'],
  ['that nobody has claimed', { reading: unmarked }, "is not Meridian's"],
  ['in another region', { config: { ...config, region: 'eu-west-1' } }, 'is in eu-west-1, not in us-east-1'],
  [
    'with resources of another one of its name',
    { resources: { ours: [], others: [{ leak: volume, whose: 'x.com of acme/b' }], unmarked: [] } },
    'x.com of acme/b',
  ],
  ['whose lost state would be made again in a store of others', lost, "is not this run's to write to"],
])('a cluster %s is refused, also with force', (_, given, words) => {
  for (const force of [false, true]) expect(judge(given, { force })?.message).toContain(words)
})

test('a cluster that is protected goes only with force', () => {
  expect(judge({ protected: true })?.message).toContain('meridian:protect')
  expect(judge({ protected: true }, { force: true })).toBeUndefined()
})

test('whose a cluster is is no matter where neither clusters nor state are to go', () => {
  const foreign = { reading: of({ environment: 'pr-1' }) }
  expect(judge(foreign, { scope: scope('dns', 'app') })).toBeUndefined()
})

test('state that is still needed to delete a cluster is kept', () => {
  expect(judge({}, { scope: scope('state') })?.message).toContain('still needed')
})

const tell = (given: Parameters<typeof found>[0]) => describeClusters([found(given)], everything).join('\n')

test('what shares a store is named, and that its bucket stays', () => {
  const text = tell({
    surroundings: {
      neighbours: ['terraform/', 'eur.k8s.example.com/'],
      lease: false,
      folder: true,
      strays: [],
    },
  })
  expect(text).toContain('terraform/, eur.k8s.example.com/')
  expect(text).toContain('The bucket usa.k8s.example.com-state stays')
  expect(text).not.toContain('aws s3 rb')
})

test('the command that removes a bucket that stays is told where nothing else is in it', () => {
  expect(tell({})).toContain('aws s3 rb s3://usa.k8s.example.com-state --region us-east-1')
})

test('an Object Lock is told before anything goes', () => {
  expect(tell({ objectLock: true })).toContain('has an Object Lock')
})

test.each([
  [40, false, false],
  [41, true, false],
  [57, true, true],
])('of a name of %i characters it is told what cannot be looked for', (length, rules, roles) => {
  const name = `${'usa.'.padEnd(length - 12, 'a')}.example.com`
  const { cluster } = found()
  const text = tell({ cluster: { ...cluster, fullName: name } })
  expect([name.length, text.includes('EventBridge rules'), text.includes('IAM roles')]).toEqual([
    length,
    rules,
    roles,
  ])
})
