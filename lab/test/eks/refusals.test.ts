import type { EksHandle } from '@meridian/lab-clusters/eks'
import type { ActionRun } from '@meridian/lab-runner'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { act, complaints } from './act.ts'

const region = 'us-east-1'
const user = 'arn:aws:iam::111122223333:user/lab'
const viewer = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy'

let universe: Universe
let office: EksHandle

beforeAll(async () => {
  universe = await startUniverse({ scale: 10_000 })
  await Promise.all([
    universe.addEksCluster('strangers', { admins: [] }),
    universe.addEksCluster('watched', {
      admins: [],
      access: { [user]: { policies: [{ policyArn: viewer }] } },
    }),
    universe.addEksCluster('inside', { endpointPublicAccess: false, endpointPrivateAccess: true }),
    universe.addEksCluster('born', { status: 'CREATING' }),
    universe.addEksCluster('auto', { autoMode: true, nodes: 0 }),
  ])
  office = await universe.addEksCluster('office', { publicAccessCidrs: ['198.51.100.0/24'] })
})
afterAll(() => universe.close())

const use = (name: string) =>
  act(universe, 'create-cluster', { name, region, provider: 'eks', timeout: '5m' })
const federate = (name: string) =>
  act(universe, 'federate', { clusters: JSON.stringify([{ name, region, provider: 'eks' }]) })
const said = ({ annotations }: ActionRun) => annotations.map(({ message }) => message).join('\n')

const commandsOf = (name: string) => [
  `aws eks create-access-entry --region us-east-1 --cluster-name ${name} --principal-arn ${user}`,
  `aws eks associate-access-policy --region us-east-1 --cluster-name ${name} --principal-arn ${user} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy --access-scope type=cluster`,
]

describe('a cluster is refused before anything is written', () => {
  test.each([
    ['strangers', `the EKS cluster strangers in us-east-1 does not know ${user}`, commandsOf('strangers')],
    ['watched', `does not allow everything to ${user}`, commandsOf('watched').slice(1)],
    [
      'inside',
      'the EKS cluster inside in us-east-1 does not answer',
      ['Its endpoint is private', 'runner in there'],
    ],
    ['office', 'does not answer', ['takes requests from 198.51.100.0/24 only']],
    ['born', 'is being created', ['aws eks wait cluster-active --region us-east-1 --name born']],
    [
      'nowhere',
      "there is no EKS cluster 'nowhere' in us-east-1",
      ['aws eks list-clusters --region us-east-1'],
    ],
  ])('%s', async (name, what, fixes) => {
    const written = universe.world.requests.all().filter(({ write }) => write).length
    for (const run of [await use(name), await federate(name)]) {
      expect(run.exitCode).toBe(1)
      for (const text of [what, ...fixes]) expect(said(run)).toContain(text)
      expect(run.stdout).not.toContain('This is not expected')
    }
    expect(universe.world.requests.all().filter(({ write }) => write).length).toBe(written)
  })
})

test('a host without a default class of storage is told before anything is installed', async () => {
  office.setAccess({ publicAccessCidrs: ['0.0.0.0/0'] })
  const run = await federate('office')
  expect(said(run)).toContain('cluster office has no default storage class for the volume of etcd, only gp2')
  expect(said(run)).toContain('etcd-storage to empty-dir')
  expect(office.running().store.get('Namespace', '', 'karmada-system')).toBeUndefined()
})

test('nor does a default class help for which nobody makes volumes', async () => {
  office.setAccess({ publicAccessCidrs: ['0.0.0.0/0'] })
  office.running().store.modify('StorageClass', '', 'gp2', draft => {
    draft.metadata.annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' }
  })
  expect(said(await federate('office'))).toContain('of EBS, whose driver is not installed there')
})

test('a cluster in Auto Mode may have no nodes, which come with the first pods', async () => {
  expect(complaints(await use('auto'))).toEqual([])
})

test('teardown takes nothing out of a cluster that does not let it in, and passes over one that is gone', async () => {
  const clusters = (name: string) => JSON.stringify([{ name, region, provider: 'eks' }])
  const shut = await act(universe, 'teardown', { clusters: clusters('strangers') })
  expect(shut.exitCode).toBe(1)
  expect(said(shut)).toContain('what is in strangers cannot be taken out of it')
  for (const command of commandsOf('strangers')) expect(said(shut)).toContain(command)
  const gone = await act(universe, 'teardown', { clusters: clusters('nowhere') })
  expect([gone.exitCode, gone.outputs.clean]).toEqual([0, 'true'])
})

test('credentials that are asked for must be the right ones, also where a kubeconfig says how a cluster is reached', async () => {
  const run = await act(universe, 'create-cluster', {
    ...{ name: 'usa', region, provider: 'existing', 'expected-account-id': '999999999999' },
    ...{ kubeconfig: await universe.kubeconfig(), 'kubeconfig-context': 'auto' },
  })
  expect(run.exitCode).toBe(1)
  expect(said(run)).toContain('belong to account 111122223333, but expected-account-id is 999999999999')
})
