import { documentedPolicies, type Policies } from '@meridian/lab-aws'
import type { ActionRun } from '@meridian/lab-runner'
import { labBoundary, startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { act, complaints } from './act.ts'

/** One cluster that EKS runs, one that kops makes, and one of EKS in another account, by a role there. */
const role = 'arn:aws:iam::444455556666:role/ci/meridian'
const clusters = JSON.stringify([
  { name: 'usa', region: 'us-east-1', provider: 'eks' },
  { name: 'eur', region: 'eu-west-1', zones: ['eu-west-1a'] },
  { name: 'jpn', region: 'ap-northeast-1', provider: 'eks', eksName: 'shop', role },
])

/** What docs/eks.md says that the policy of the run's own role needs besides. */
function withRole(policies: Policies): Policies {
  const assume = { Sid: 'Assume', Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: [role] } as const
  return Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => [
      name,
      { ...policy, Statement: [...policy.Statement, assume] },
    ]),
  ) as Policies
}

let universe: Universe
let before: string[]

const left = () => universe.world.inventory.list().map(({ type, id }) => `${type} ${id}`)
const done = (run: ActionRun) => expect(complaints(run)).toEqual([])

beforeAll(async () => {
  universe = await startUniverse({ scale: 2_000, policies: withRole(documentedPolicies()) })
  const account = universe.aws.addAccount('444455556666')
  universe.aws.letAssume(role, ['arn:aws:iam::111122223333:user/lab'])
  await Promise.all([
    universe.addEksCluster('usa', { defaultStorageClass: true }),
    universe.addEksCluster('shop', { region: 'ap-northeast-1', account, admins: [role] }),
  ])
  before = left()
})
afterAll(() => universe.close())

test('clusters of EKS and kops, of two accounts, become one federation with one app', async () => {
  const made = { name: 'eur', zones: 'eu-west-1a', 'permissions-boundary': labBoundary }
  done(await act(universe, 'create-cluster', made))
  done(await act(universe, 'federate', { clusters }))
  const deployed = await act(universe, 'deploy-federated-app', { clusters, manifests: 'examples/hugo-app' })
  done(deployed)
  expect(JSON.parse(deployed.outputs.replicas ?? '')).toEqual({ usa: 2, eur: 2, jpn: 2 })
  const endpoints = deployed.outputs.endpoints ?? ''
  done(await act(universe, 'latency-dns', { record: 'shop', endpoints, 'name-servers': universe.nameServer }))
})

test('teardown deletes the one that kops made, and leaves nothing in the others', async () => {
  const run = await act(universe, 'teardown', { clusters })
  done(run)
  expect(run.outputs).toMatchObject({ clean: 'true', leaks: '[]' })
  expect(left()).toEqual(before)
})
