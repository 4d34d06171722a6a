import { expect, test } from 'vitest'
import type { Scope } from '../src/inputs.ts'
import { type FoundCluster, judgeSurvey } from '../src/survey.ts'

const scope = (...names: Scope[]): ReadonlySet<Scope> => new Set(names)
const everything = scope('dns', 'app', 'federation', 'clusters', 'state')

const found = (given: Partial<FoundCluster>): FoundCluster => ({
  cluster: {
    name: 'usa',
    region: 'us-east-1',
    zones: [],
    provider: 'kops',
    fullName: 'usa.k8s.example.com',
    stateStore: 's3://usa.k8s.example.com-state',
  },
  bucket: { name: 'usa.k8s.example.com-state', region: 'us-east-1' },
  configured: true,
  neighbours: [],
  owner: 'default',
  orphans: [],
  ...given,
})

const judge = (given: Partial<FoundCluster>, inputs: { scope?: ReadonlySet<Scope>; force?: boolean } = {}) =>
  judgeSurvey({ clusters: [found(given)] }, { scope: everything, force: false, ...inputs }, 'default')
    ?.message

test.each<[string, Partial<FoundCluster>]>([
  ['a cluster of ours', {}],
  ['no bucket', { bucket: undefined, configured: false, owner: undefined }],
  ['a bucket that died before it was tagged', { configured: false, owner: undefined }],
])('%s may be deleted', (_, given) => {
  expect(judge(given)).toBeUndefined()
})

const orphan = { id: 'vol-1', type: 'ec2:volume', region: 'us-east-1', hourlyCost: 0, cluster: 'usa' }
const lost = { bucket: undefined, configured: false, owner: undefined }

test.each<[string, Partial<FoundCluster>]>([
  ['with a tag of the environment', { ...lost, orphans: [orphan, { ...orphan, environment: 'default' }] }],
  ['whose bucket is left and ours', { configured: false, orphans: [orphan] }],
])('resources of a cluster without state %s may be deleted', (_, given) => {
  expect(judge(given)).toBeUndefined()
})

test.each<[string, Partial<FoundCluster>]>([
  ['without any mark', { ...lost, orphans: [orphan] }],
  ['of another environment', { ...lost, orphans: [{ ...orphan, environment: 'pr-1' }] }],
])('resources of a cluster without state %s are refused unless forced', (_, given) => {
  expect(judge(given)).toContain('1 resources of usa.k8s.example.com')
  expect(judge(given, { force: true })).toBeUndefined()
})

test.each<[string, Partial<FoundCluster>]>([
  ['a cluster in a bucket without tags', { owner: undefined }],
  ["another environment's bucket", { configured: false, owner: 'pr-1' }],
])('%s is refused unless forced', (_, given) => {
  expect(judge(given)).toContain('usa.k8s.example.com-state')
  expect(judge(given, { force: true })).toBeUndefined()
})

test('a bucket of others is no matter where neither clusters nor state are to go', () => {
  expect(judge({ owner: 'pr-1' }, { scope: scope('dns', 'app') })).toBeUndefined()
})

test('state that is still needed to delete a cluster is kept', () => {
  expect(judge({}, { scope: scope('state') })).toContain('still needed')
})
