import type { Policies } from '@meridian/lab-aws'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runHere } from '../ownership/run-here.ts'
import { boundaryFor, narrowedTo } from './narrow-policies.ts'

/** What docs/iam/README.md says of a store that is shared and has a path. */

const store = 's3://platform/kops'
const name = 'usa.k8s.example.com'
/** What only a bucket that Meridian makes for a cluster needs. */
const forOwnBuckets = [
  's3:CreateBucket',
  's3:DeleteBucket',
  's3:TagResource',
  's3:PutBucketTagging',
  's3:PutBucketVersioning',
  's3:PutBucketPublicAccessBlock',
  's3:PutEncryptionConfiguration',
  's3:GetBucketPublicAccessBlock',
  's3:GetBucketVersioning',
]
const forActions = ['create-cluster', 'teardown']
// Ends what hangs.
let universe: Universe

function without(policies: Policies, actions: readonly string[]): Policies {
  return Object.fromEntries(
    Object.entries(policies).map(([client, policy]) => [
      client,
      {
        ...policy,
        Statement: policy.Statement.map(each => ({
          ...each,
          Action: each.Action.filter(action => !forActions.includes(client) || !actions.includes(action)),
        })),
      },
    ]),
  )
}

beforeEach(async () => {
  const policies = without(narrowedTo(store), forOwnBuckets)
  universe = await startUniverse({ scale: 10_000, policies, boundary: boundaryFor(store) })
  universe.aws.s3.addBucket('platform', { tags: { team: 'platform' } })
  universe.aws.s3.putObject('platform', 'terraform/state', '{}')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await universe.close()
})

const identity = { domain: 'k8s.example.com' }
const ways = [
  ['named by the cluster', { clusters: `[{name: usa, region: us-east-1, stateStore: '${store}'}]` }],
  ['given for all clusters', { clusters: '[{name: usa, region: us-east-1}]', 'state-store': store }],
] as const

test.each(ways)(
  'a store %s is enough, from its path on, to make a cluster, reach it and remove it',
  async (_way, place) => {
    const made = await runHere(universe, {
      action: 'create-cluster',
      inputs: { ...identity, name: 'usa', zones: 'us-east-1a', 'state-store': store, 'validate-count': '1' },
    })
    expect(made.error).toBeUndefined()
    const federated = await runHere(universe, { action: 'federate', inputs: { ...identity, ...place } })
    expect(federated.error).toBeUndefined()
    const gone = await runHere(universe, { action: 'teardown', inputs: { ...identity, ...place } })
    expect([gone.error, gone.job.outputs.clean]).toEqual([undefined, true])
    expect(universe.aws.s3.keys('platform')).toEqual(['terraform/state'])
    const foreign = universe.world.requests
      .all()
      .filter(({ client, error }) => client !== 'by-hand' && error === 'AccessDenied')
    expect(foreign.map(({ client, operation }) => `${client} ${operation}`)).toEqual([])
  },
)

test('nothing beside the path may be read or written', async () => {
  const { error } = await runHere(universe, {
    action: 'create-cluster',
    inputs: { ...identity, name: 'usa', zones: 'us-east-1a', 'state-store': 's3://platform/other' },
  })
  expect(error).toContain('the permission s3:GetObject is missing')
  expect(universe.aws.s3.keys('platform').filter(key => key.includes(name))).toEqual([])
})
