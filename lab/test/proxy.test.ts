import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { labKey } from '@meridian/lab-aws'
import { type ActionRun, runAction } from '@meridian/lab-runner'
import { labBoundary, startUniverse, type Universe } from '@meridian/lab-universe'
import type { ProxyOptions } from '@meridian/lab-world'
import { expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const credentials = 'runner:p4ss-of-the-runner'
const role = 'arn:aws:iam::111122223333:role/meridian'
const clusters = '[{"name": "usa", "region": "us-east-1"}]'

async function behind(behindProxy: ProxyOptions): Promise<Universe> {
  const universe = await startUniverse({ scale: 100, faults: ['slow-nodes'], behindProxy })
  onTestFinished(universe.close)
  return universe
}

/** Runs an action by its sources, as a job that may ask for an identity token. */
async function runThrough(
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

test('the actions that build, use and destroy work where nothing is reached but through a proxy that wants credentials', async () => {
  const universe = await behind({ credentials })
  const run = (action: string, inputs: Record<string, string>) =>
    runThrough(universe, action, inputs, { RUNNER_DEBUG: '1' })
  const created = await run('create-cluster', {
    name: 'usa',
    zones: 'us-east-1a',
    'validate-count': '1',
    'permissions-boundary': labBoundary,
    // Each of them then needs the key, through S3.
    'state-kms-key': labKey,
  })
  expect(said(created)).toEqual([0, []])
  const federated = await run('federate', { clusters })
  expect(said(federated)).toEqual([0, []])
  const deployed = await run('deploy-federated-app', { clusters, manifests: 'examples/hugo-app' })
  expect(said(deployed)).toEqual([0, []])
  const { endpoints = '' } = deployed.outputs
  // No proxy carries DNS over UDP: nobody listens there.
  const named = await run('latency-dns', {
    record: 'hugo-fed',
    endpoints,
    'name-servers': '127.0.0.1:1',
    'vantage-points': '[{city: New York, subnet: 128.59.1.0/24, expected: us-east-1}]',
    page: 'strict',
  })
  expect(said(named)).toEqual([0, [expect.stringContaining('127.0.0.1:1')]])
  const torn = await run('teardown', { clusters, records: 'hugo-fed' })
  expect(said(torn)).toEqual([0, []])
  expect(universe.world.inventory.list()).toEqual([])

  // Whoever asks for the debug log learns what each of them decided, beside its requests.
  for (const [{ stdout }, decision] of [
    [created, 'cluster usa.k8s.example.com: would be created'],
    [federated, 'the federation: {"controlPlane":"install"'],
    [deployed, 'Service default/hugo-app-federation-svc: create'],
    [named, 'hugo-fed.k8s.example.com: change: create '],
    [torn, 'usa.k8s.example.com: it is ours, by the mark of'],
    [torn, 'the federation: these go: member usa, '],
  ] as const)
    expect(stdout).toContain(`::debug::decided of ${decision}`)

  const uses = universe.proxy?.uses() ?? []
  expect(uses.filter(({ refused }) => refused > 0)).toEqual([])
  // AWS, GitHub's token service, the API of the cluster, that of the federation, and the page of the app.
  const balancer = /^\w+-\w+\.us-east-1\.elb\.amazonaws\.com:80$/
  const targets = [...new Set(uses.map(({ target }) => target))].toSorted()
  expect(targets.filter(target => balancer.test(target))).toHaveLength(1)
  expect(targets.filter(target => !balancer.test(target))).toEqual([
    expect.stringMatching(/^\w+-\w+\.us-east-1\.elb\.amazonaws\.com:5443$/),
    expect.stringMatching(/^api-usa-\S+\.elb\.us-east-1\.amazonaws\.com:443$/),
    'aws.lab.test:443',
    'github.lab.test:443',
  ])
})

test('the action that speaks to GitHub alone does so through it', async () => {
  const universe = await behind({ credentials })
  const repository = universe.github.addRepository('acme/shop', 7007)
  repository.openPull()
  const event = join(universe.directory, 'event.json')
  await writeFile(
    event,
    JSON.stringify({ pull_request: { number: 1, head: { sha: repository.pull(1).head } } }),
  )
  const token = universe.github.addToken('acme/shop', { deployments: 'write', 'pull-requests': 'write' })
  const told = await runAction({
    dir: join(root, 'actions/report-environment'),
    entry: 'src/main.ts',
    inputs: { domain: universe.domain, state: 'building', 'github-token': token },
    env: {
      ...universe.env,
      GITHUB_API_URL: universe.githubApi,
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: event,
    },
  })
  expect(said(told)).toEqual([0, []])
  expect(repository.commentsOf(1)).toHaveLength(1)
  expect([...new Set(universe.proxy?.uses().map(({ target }) => target))]).toEqual(['github.lab.test:443'])
})

const own = 'runner:wr0ng-password'

test.each([
  [
    'of other credentials',
    /lets nobody through to \S+ without the right user and password \(407\)\nWrite them into/,
  ],
  [
    'that is not there',
    /could not be reached, or gave no way to \S+: connect ECONNREFUSED 127\.0\.0\.1:1\nSee that/,
  ],
  [
    'of a kind that is not spoken',
    /^HTTPS_PROXY names a proxy of the kind socks5:\/\/, which is not spoken here\nWrite it as/,
  ],
])('a proxy %s is told in one message, without its credentials', async (kind, words) => {
  const { env, idToken, domain, proxy } = await behind({ credentials })
  const address = {
    'of other credentials': proxy?.url.replace('//', `//${own}@`),
    'that is not there': `http://${own}@127.0.0.1:1`,
    'of a kind that is not spoken': `socks5://${own}@127.0.0.1:1080`,
  }[kind]
  const { exitCode, annotations, stdout } = await runAction({
    dir: join(root, 'actions/latency-dns'),
    entry: 'src/main.ts',
    inputs: {
      domain,
      record: 'hugo-fed',
      'role-to-assume': role,
      endpoints: '[{"region":"us-east-1","hostname":"a-1.us-east-1.elb.amazonaws.com"}]',
    },
    env: { ...env, ...idToken, AWS_MAX_ATTEMPTS: '1', HTTPS_PROXY: address },
  })
  expect(exitCode).toBe(1)
  expect(annotations.map(({ message }) => message)).toEqual([expect.stringMatching(words)])
  expect(stdout.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain('wr0ng-password')
})

test('a cluster whose API the proxy does not let kops reach is not waited for', async () => {
  const universe = await behind({ refuses: host => host.startsWith('api-') })
  const { exitCode, annotations } = await runThrough(universe, 'create-cluster', {
    name: 'usa',
    zones: 'us-east-1a',
    'permissions-boundary': labBoundary,
  })
  expect(exitCode).toBe(1)
  expect(annotations.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /Get "https:\/\/api-usa-\S+": Forbidden\nkops goes through the proxy that HTTPS_PROXY names/,
    ),
  ])
})

test('an authority that the runner does not trust is told by how to trust it', async () => {
  const { env, idToken, domain } = await behind({ credentials })
  const { exitCode, annotations } = await runAction({
    dir: join(root, 'actions/latency-dns'),
    entry: 'src/main.ts',
    inputs: {
      domain,
      record: 'hugo-fed',
      'role-to-assume': role,
      endpoints: '[{"region":"us-east-1","hostname":"a-1.us-east-1.elb.amazonaws.com"}]',
    },
    env: { ...env, ...idToken, NODE_EXTRA_CA_CERTS: undefined },
  })
  expect(exitCode).toBe(1)
  expect(annotations.map(({ message }) => message)).toEqual([
    expect.stringMatching(/set NODE_EXTRA_CA_CERTS/),
  ])
})
