import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ActionRequest, type ActionRun, runAction } from '@meridian/lab-runner'
import {
  clusterInput,
  type LabClusters,
  type Name,
  startClusters,
  until,
  writesOf,
} from '@meridian/lab-universe/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const names = ['usa', 'eur', 'jpn'] as const
const entry = process.env.MERIDIAN_TEST_ENTRY

const deployment = (replicas: number) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: 'web:1', resources: {requests: {cpu: 0.05}}}]
`
const service = `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
`
const secret = `
apiVersion: v1
kind: Secret
metadata: {name: web}
stringData: {password: canary-of-a-secret}
`

let lab: LabClusters
let workspace: string

beforeAll(async () => {
  lab = await startClusters(names)
  workspace = await mkdtemp(join(tmpdir(), 'meridian-app-'))
  const federated = await runAction({
    dir: join(root, 'actions/federate'),
    inputs: { clusters: clusterInput(names), domain: lab.universe.domain },
    env: lab.env,
    ...(entry && { entry }),
  })
  expect(federated.annotations).toEqual([])
})
afterAll(() => lab.close())

/** Deploys the given manifest, from a job that has no context for the federation. */
async function deploy(
  manifest: string,
  inputs: Record<string, string> = {},
  more: Partial<ActionRequest> = {},
): Promise<ActionRun> {
  await writeFile(join(workspace, 'app.yaml'), manifest)
  return runAction({
    dir: join(root, 'actions/deploy-federated-app'),
    inputs: { manifests: 'app.yaml', clusters: clusterInput(names), domain: lab.universe.domain, ...inputs },
    env: lab.env,
    workspace,
    ...(entry && { entry }),
    ...more,
  })
}

const messages = (run: ActionRun) => run.annotations.map(({ message }) => message)
const json = (run: ActionRun, output: string) => JSON.parse(run.outputs[output] ?? 'null')
const writes = () => writesOf(lab.universe, 'deploy-federated-app').length
const federation = () => lab.universe.clusters.federations()[0]?.store
const member = (name: Name) =>
  lab.universe.clusters.clusters().find(({ spec }) => spec.name.startsWith(`${name}.`))?.store
const replicasIn = (name: Name, namespace = 'default') =>
  (member(name)?.get('Deployment', namespace, 'web')?.spec as { replicas?: number } | undefined)?.replicas

describe('an app of six replicas', () => {
  let first: ActionRun
  beforeAll(async () => {
    first = await deploy([deployment(6), service, secret].join('---'))
  })

  test('runs two in each region, and each region has its endpoint', () => {
    expect([first.exitCode, messages(first)]).toEqual([0, []])
    expect(json(first, 'replicas')).toEqual({ usa: 2, eur: 2, jpn: 2 })
    const endpoints: Record<string, unknown>[] = json(first, 'endpoints')
    expect(endpoints.map(({ cluster, region, service }) => `${cluster} ${region} ${service}`)).toEqual([
      'usa us-east-1 web',
      'eur eu-west-1 web',
      'jpn ap-northeast-1 web',
    ])
    for (const { hostname, region, ports } of endpoints) {
      expect(hostname).toMatch(new RegExp(`^[0-9a-f]{32}-\\d+\\.${region}\\.elb\\.amazonaws\\.com$`))
      expect(ports).toEqual([{ name: 'http', port: 80, protocol: 'TCP' }])
    }
    expect(json(first, 'hostnames')).toEqual(endpoints.map(({ hostname }) => hostname))
    expect(first.outputs.changed).toBe('true')
  })

  test('bears our labels everywhere, and tells the run that made it', () => {
    const labels = { 'app.kubernetes.io/managed-by': 'meridian', 'meridian.dev/environment': 'default' }
    expect(federation()?.get('Deployment', 'default', 'web')?.metadata.labels).toMatchObject(labels)
    expect(member('jpn')?.get('Service', 'default', 'web')?.metadata.labels).toMatchObject(labels)
    const annotations = federation()?.get('Deployment', 'default', 'web')?.metadata.annotations
    expect(annotations?.['meridian.dev/run']).toMatch(/actions\/runs\/1$/)
  })

  test('shows no value of a Secret', () => {
    expect(first.stdout + first.summary + JSON.stringify(first.outputs)).not.toMatch(/canary|Y2FuYXJ5/)
    expect(member('eur')?.get('Secret', 'default', 'web')).toMatchObject({
      data: { password: Buffer.from('canary-of-a-secret').toString('base64') },
    })
  })

  test('is left as it is by a second run of another commit, which writes nothing', async () => {
    const named = [deployment(6), service].join('---').replaceAll('web', 'again')
    const made = await deploy(named)
    const before = writes()
    const env = { ...lab.env, GITHUB_RUN_ID: '2', GITHUB_SHA: 'b'.repeat(40) }
    const second = await deploy(named, {}, { env })
    expect([second.exitCode, second.outputs.changed]).toEqual([0, 'false'])
    expect(json(second, 'endpoints')).toEqual(json(made, 'endpoints'))
    expect(writes()).toBe(before)
  })

  test('is only compared in a dry run', async () => {
    await deploy(deployment(6))
    const run = await deploy(deployment(7), { 'dry-run': 'true' })
    expect([run.exitCode, run.outputs.changed]).toEqual([0, 'true'])
    expect(run.summary).toContain('- spec.replicas: 6\n+ spec.replicas: 7')
    expect(federation()?.get('Deployment', 'default', 'web')).toMatchObject({ spec: { replicas: 6 } })
  })

  test('runs all replicas everywhere when it is duplicated', async () => {
    const run = await deploy(deployment(2), { placement: 'duplicate' })
    expect([run.exitCode, run.outputs.replicas]).toEqual([0, '{"usa":2,"eur":2,"jpn":2}'])
  })

  test('gets other images and pull secrets', async () => {
    await deploy(deployment(3))
    const run = await deploy(deployment(3), {
      images: 'web=ghcr.io/me/web:2',
      'image-pull-secrets': 'pull',
    })
    expect([run.exitCode, messages(run)]).toEqual([0, []])
    expect(JSON.stringify(member('usa')?.get('Deployment', 'default', 'web')?.spec)).toMatch(
      /ghcr\.io\/me\/web:2/,
    )
    expect(run.summary).toContain('+ spec.template.spec.containers[0].image: "ghcr.io/me/web:2"')
  })
})

test('an app in a namespace of its own brings the namespace with it', async () => {
  const run = await deploy(deployment(3), { namespace: 'shop', environment: 'pr-1', clusters: shared() })
  expect([run.exitCode, messages(run)]).toEqual([0, []])
  expect(names.map(name => replicasIn(name, 'shop'))).toEqual([1, 1, 1])
  expect(federation()?.get('Namespace', undefined, 'shop')?.metadata.labels).toMatchObject({
    'meridian.dev/environment': 'pr-1',
  })
})

/** The clusters of the domain's only environment, as another one names them. */
function shared(): string {
  const given = JSON.parse(clusterInput(names)) as { name: Name }[]
  return JSON.stringify(given.map(one => ({ ...one, fullName: `${one.name}.${lab.universe.domain}` })))
}

test('without waiting, what is not there yet is not put out', async () => {
  const never = deployment(3).replaceAll('web', 'never').replace('0.05', '50')
  const run = await deploy(never, { wait: 'false' })
  expect([run.exitCode, run.outputs.endpoints]).toEqual([0, undefined])
  expect(messages(run).join()).toContain('does not run everywhere yet')
})

describe('a run is refused before anything is written', () => {
  test.each<[string, string, Record<string, string>, string]>([
    ['a path outside the workspace', '', { manifests: '../../etc' }, 'is outside the workspace'],
    ['inputs that are not valid', '', { placement: 'sideways', images: 'x' }, '2 inputs are not valid'],
    [
      'a cluster that is no member',
      deployment(1),
      { clusters: '[{name: usa, region: us-east-1},{name: aus, region: ap-southeast-2}]' },
      'aus: not a member',
    ],
    [
      'a policy of its own',
      'apiVersion: policy.karmada.io/v1alpha1\nkind: PropagationPolicy\nmetadata: {name: a}',
      {},
      'steers the federation itself',
    ],
    [
      'a kind that is not served',
      'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}',
      {},
      'the federation does not serve',
    ],
    ['a kind that is not allowed', service, { 'allowed-kinds': 'Deployment' }, 'is not of an allowed kind'],
    [
      'another environment that owns it',
      deployment(6),
      { environment: 'pr-2', clusters: 'shared' },
      'Deployment default/web belongs to k8s.example.com of meridian-actions/meridian',
    ],
  ])('with %s', async (_, manifest, inputs, message) => {
    const before = writes()
    const given = inputs.clusters === 'shared' ? { ...inputs, clusters: shared() } : inputs
    const run = await deploy(manifest, given)
    expect(run.exitCode).toBe(1)
    expect(messages(run).join()).toContain(message)
    expect(writes()).toBe(before)
  })
})

test('a run that times out says what each region lacks, down to the pods', async () => {
  const greedy = deployment(3).replaceAll('web', 'greedy').replace('0.05', '50')
  const run = await deploy(greedy, { timeout: '20s' })
  expect([run.exitCode, run.outputs.endpoints]).toEqual([1, undefined])
  expect(messages(run).join()).toMatch(
    /waited \d+s for the app in all regions.*greedy: usa 0\/1 replicas ready, eur 0\/1/,
  )
  expect(run.stdout).toContain('jpn: pods and events of namespace default')
  expect(run.stdout).toMatch(/pod greedy-\S+ \(Pending\): .*Insufficient cpu/)
  expect(run.stdout).toContain(
    'To remove all apps of this environment, run teardown with scope: app, clusters: [{"name":"usa"',
  )
})

test('a member that is dead is named before anything is applied', async () => {
  const before = writes()
  await lab.universe.clusters.stop(`jpn.${lab.universe.domain}`)
  await until(
    () => !JSON.stringify(federation()?.get('Cluster', undefined, 'jpn')).includes('"ClusterReady"'),
  )
  const run = await deploy(deployment(9), { timeout: '15s' })
  expect(run.exitCode).toBe(1)
  expect(messages(run).join()).toMatch(/jpn is not ready \(ClusterNotReachable\)/)
  expect(writes()).toBe(before)
})
