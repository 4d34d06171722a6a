import { expect, test } from 'vitest'
import { readInputs } from '../src/inputs.ts'

const defaults = {
  INPUT_CLUSTERS: '[{name: usa, region: us-east-1}, {name: eur, region: eu-west-1}]',
  INPUT_FEDERATION: 'fed',
  INPUT_DOMAIN: 'k8s.example.com',
  INPUT_SCOPE: 'dns,app,federation,clusters,state',
  INPUT_FORCE: 'false',
  'INPUT_KARMADA-VERSION': '1.18.2',
  'INPUT_KOPS-VERSION': '1.36.2',
  'INPUT_DRY-RUN': 'false',
  INPUT_MODE: 'destroy',
  'INPUT_MAX-CLUSTERS': '10',
  'INPUT_CLUSTER-TIMEOUT': '45m',
  'INPUT_LEASE-TIMEOUT': '30m',
  INPUT_TIMEOUT: '75m',
}
const read = (given: Record<string, string>) => readInputs({ ...defaults, ...given })

test('a host is known only if it is named', () => {
  expect([read({}).host, read({ INPUT_HOST: 'eur' }).host?.name]).toEqual([undefined, 'eur'])
})

test('a reaper takes no names', () => {
  expect(() => read({ INPUT_MODE: 'reap' })).toThrow('clusters: must not be given in mode reap')
  expect(read({ INPUT_MODE: 'reap', INPUT_CLUSTERS: '' }).mode).toBe('reap')
})

test('a store that is given for all is that of the host too, and is nothing for a reaper', () => {
  const given = { 'INPUT_STATE-STORE': 's3://platform/kops/' }
  const { clusters, host } = read({ ...given, INPUT_HOST: '{name: jpn, region: ap-northeast-1}' })
  expect([...clusters, host].map(cluster => cluster?.stateStore)).toEqual(Array(3).fill('s3://platform/kops'))
  const reaping = { ...given, INPUT_CLUSTERS: '', INPUT_MODE: 'reap' }
  expect(() => read(reaping)).toThrow('state-store: must not be given in mode reap')
})

test('more clusters than max-clusters are refused', () => {
  expect(() => read({ 'INPUT_MAX-CLUSTERS': '1' })).toThrow('names 2 clusters, but max-clusters is 1')
})

test('a host that is none of the clusters is described like them', () => {
  expect(() => read({ INPUT_HOST: 'jpn' })).toThrow("'jpn' is none of the clusters usa, eur: give its region")
  expect(read({ INPUT_HOST: '{name: jpn, region: ap-northeast-1}' }).host).toMatchObject({
    fullName: 'jpn.k8s.example.com',
    stateStore: 's3://jpn.k8s.example.com-state',
  })
  expect(() => read({ INPUT_HOST: '{name: jpn}' })).toThrow(/host: .*region/)
})

test('clusters may be left out for the scope dns alone', () => {
  expect(read({ INPUT_CLUSTERS: '', INPUT_SCOPE: 'dns' }).clusters).toEqual([])
  expect(() => read({ INPUT_CLUSTERS: '', INPUT_SCOPE: 'dns,state' })).toThrow(/required for the scope state/)
})

test('one app is named with its own scopes, and with its records', () => {
  const one = (scope: string, more: Record<string, string> = {}) =>
    read({ INPUT_APP: 'web', INPUT_SCOPE: scope, ...more })
  expect([one('app').app, one('dns,app', { INPUT_RECORDS: 'web' }).app]).toEqual(['web', 'web'])
  for (const scope of ['dns,app,federation', 'app,clusters', 'dns'])
    expect(() => one(scope)).toThrow('scope: must be app or dns,app where app names one of several')
  expect(() => one('dns', { INPUT_CLUSTERS: '' })).toThrow('must be app or dns,app')
  expect(() => one('dns,app')).toThrow('records: is required for the scope dns where app is given')
})

test('records may be given as latency-dns takes them or in full', () => {
  const { recordNames } = read({ INPUT_RECORDS: 'app, hugo.pr-1.k8s.example.com', INPUT_ENVIRONMENT: 'pr-1' })
  expect(recordNames).toEqual(['app.pr-1.k8s.example.com', 'hugo.pr-1.k8s.example.com'])
})

test('all wrong inputs are told at once', () => {
  expect(() => read({ INPUT_SCOPE: 'dns,world', INPUT_FORCE: 'perhaps', INPUT_DOMAIN: '--evil' })).toThrow(
    /^3 inputs are not valid/,
  )
})
