import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type ActionRun, runAction, startUniverse, type Universe } from '../index.ts'

const root = join(import.meta.dirname, '../..')
const credentials = 'runner:p4ss-of-the-runner'
const role = 'arn:aws:iam::111122223333:role/meridian'
const clusters = '[{"name": "usa", "region": "us-east-1"}]'

async function behindProxy(): Promise<Universe> {
  const universe = await startUniverse({ scale: 100, faults: ['slow-nodes'], behindProxy: { credentials } })
  onTestFinished(universe.close)
  return universe
}

/** Runs an action by its sources, as a job that may ask for an identity token. */
async function run(
  universe: Universe,
  action: string,
  inputs: Record<string, string>,
  env: Record<string, string> = {},
): Promise<ActionRun> {
  return runAction({
    dir: join(root, 'actions', action),
    entry: 'src/main.ts',
    workspace: root,
    inputs: { domain: universe.domain, 'role-to-assume': role, ...inputs },
    env: { ...universe.env, ...universe.idToken, ...env },
  })
}

const said = ({ exitCode, annotations }: ActionRun) => [exitCode, annotations.map(({ message }) => message)]

test('all five actions work where nothing is reached but through a proxy that wants credentials', async () => {
  const universe = await behindProxy()
  const created = await run(universe, 'create-cluster', {
    name: 'usa',
    zones: 'us-east-1a',
    'validate-count': '1',
  })
  expect(said(created)).toEqual([0, []])
  const federated = await run(universe, 'federate', { clusters })
  expect(said(federated)).toEqual([0, []])
  const deployed = await run(universe, 'deploy-federated-app', { clusters, manifests: 'examples/hugo-app' })
  expect(said(deployed)).toEqual([0, []])
  const { endpoints = '' } = deployed.outputs
  // No proxy carries DNS over UDP: nobody listens there.
  const named = await run(universe, 'latency-dns', {
    record: 'hugo-fed',
    endpoints,
    'name-servers': '127.0.0.1:1',
  })
  expect(said(named)).toEqual([0, [expect.stringContaining('127.0.0.1:1')]])
  const torn = await run(universe, 'teardown', { clusters, records: 'hugo-fed' })
  expect(said(torn)).toEqual([0, []])
  expect(universe.world.inventory.list()).toEqual([])

  const uses = universe.proxy?.uses() ?? []
  expect(uses.filter(({ refused }) => refused > 0)).toEqual([])
  // AWS, GitHub's token service, the API of the cluster, and that of the federation.
  expect([...new Set(uses.map(({ target }) => target))].toSorted()).toEqual([
    expect.stringMatching(/^\w+-\w+\.us-east-1\.elb\.amazonaws\.com:5443$/),
    expect.stringMatching(/^api-usa-\S+\.elb\.us-east-1\.amazonaws\.com:443$/),
    'aws.lab.test:443',
    'github.lab.test:443',
  ])
})
