import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { loadKubeconfig } from '@meridian/kube'
import { type ActionRun, runAction, runPost } from '@meridian/lab-runner'
import { labBoundary, startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const dir = fileURLToPath(new URL('..', import.meta.url))
let universe: Universe

beforeAll(async () => {
  universe = await startUniverse({ scale: 10_000 })
})
afterAll(() => universe.close())

type Options = { signal?: AbortSignal; onLine?: (line: string) => void; env?: Record<string, string> }

function run(inputs: Record<string, string>, options: Options = {}): Promise<ActionRun> {
  const given = {
    domain: 'k8s.example.com',
    zones: 'us-east-1a',
    'validate-count': '1',
    'permissions-boundary': labBoundary,
    ...inputs,
  }
  return runAction({ dir, inputs: given, ...options, env: { ...universe.env, ...options.env } })
}

const inventory = (name: string) =>
  universe.world.inventory
    .list()
    .filter(
      ({ id, tags }) => id.includes(`${name}.k8s`) || tags.KubernetesCluster === `${name}.k8s.example.com`,
    )
const writesSince = (start: number) =>
  universe.world.requests
    .all()
    .slice(start)
    .filter(({ write }) => write)
const claimOf = (name: string): unknown => {
  const key = `${name}.k8s.example.com`
  return JSON.parse(universe.aws.s3.readObject(`${key}-state`, `${key}.claim.json`) ?? 'null')
}
const said = (ran: ActionRun) => ran.annotations.map(({ message }) => message).join('\n')

describe('a cluster', () => {
  let first: ActionRun

  beforeAll(async () => {
    first = await run({ name: 'usa', ttl: '8h', tags: 'team=blue' })
  })

  test('is created and described by the outputs', () => {
    expect(said(first)).toBe('')
    expect(first.outputs).toMatchObject({
      name: 'usa',
      'full-name': 'usa.k8s.example.com',
      context: 'usa',
      region: 'us-east-1',
      zones: 'us-east-1a',
      'state-store': 's3://usa.k8s.example.com-state',
      'kubernetes-version': '1.35.7',
      'api-endpoint': expect.stringMatching(/^https:\/\/api-usa-.*\.elb\.us-east-1\.amazonaws\.com$/),
      created: 'true',
      'expires-at': expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+Z$/),
      'hourly-cost': '0.1461',
    })
    expect(JSON.parse(first.outputs.nodes ?? '')).toMatchObject([
      { role: 'control-plane', zone: 'us-east-1a', ready: true },
      { role: 'node', zone: 'us-east-1a', ready: true },
    ])
    expect(first.summary).toMatch(/^### .*Cluster usa\.k8s\.example\.com/)
  })

  test('says whose it is in its claim, on its bucket and on its machines', () => {
    const born = inventory('usa')
    const mark = {
      schema: '2',
      environment: 'default',
      domain: 'k8s.example.com',
      cluster: 'usa.k8s.example.com',
      account: '111122223333',
      'expires-at': first.outputs['expires-at'],
    }
    const tags = Object.fromEntries(Object.entries(mark).map(([key, value]) => [`meridian:${key}`, value]))
    expect(claimOf('usa')).toMatchObject(mark)
    expect(claimOf('usa')).not.toHaveProperty('unfinished')
    expect(born.find(({ type }) => type === 'bucket')?.tags).toMatchObject(tags)
    expect(born.find(({ type }) => type === 'instance')?.tags).toMatchObject({ ...tags, team: 'blue' })
  })

  test('has a context in a private kubeconfig outside the workspace', async () => {
    const file = first.outputs.kubeconfig ?? ''
    expect(first.env.KUBECONFIG).toBe(file)
    expect(file.startsWith(first.temp)).toBe(true)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await loadKubeconfig({ KUBECONFIG: file }))?.contexts.map(({ name }) => name)).toEqual(['usa'])
  })

  test('is found by a second run, which makes nothing new and writes only its lease', async () => {
    const before = inventory('usa').map(({ id }) => id)
    const claim = claimOf('usa')
    const start = universe.world.requests.all().length
    const second = await run({ name: 'usa' })
    expect(second.outputs).toMatchObject({ created: 'false', 'expires-at': first.outputs['expires-at'] })
    expect(second.outputs['hourly-cost']).toBe('0.1461')
    expect(second.summary).toContain('was there already')
    expect(inventory('usa').map(({ id }) => id)).toEqual(before)
    expect(claimOf('usa')).toEqual(claim)
    expect(new Set(writesSince(start).map(({ client, operation }) => `${client} ${operation}`))).toEqual(
      new Set(['create-cluster PutObject']),
    )
  })

  test('is wanted for longer by a run with ttl, and not for shorter', async () => {
    const longer = await run({ name: 'usa', ttl: '30h' })
    const until = longer.outputs['expires-at'] ?? ''
    expect(Date.parse(until)).toBeGreaterThan(Date.parse(first.outputs['expires-at'] ?? ''))
    expect(claimOf('usa')).toMatchObject({ 'expires-at': until })
    expect((await run({ name: 'usa', ttl: '1h' })).outputs['expires-at']).toBe(until)
  })

  test('gets more nodes when more are asked for, other networks of its API, and fewer nodes again', async () => {
    const more = await run({ name: 'usa', 'node-count': '3', 'api-access': '0.0.0.0/1, 128.0.0.0/1' })
    expect(more.stdout).toContain('node-count is 1, not 3. It is changed now.')
    expect(JSON.parse(more.outputs.nodes ?? '')).toHaveLength(4)
    expect(more.summary).toContain('node-count is 1, not 3<br>api-access is 0.0.0.0/0, ::/0, not 0.0.0.0/1')
    const same = await run({ name: 'usa' })
    expect(JSON.parse(same.outputs.nodes ?? '')).toHaveLength(4)
    const fewer = await run({ name: 'usa', 'node-count': '1' })
    expect(JSON.parse(fewer.outputs.nodes ?? '')).toHaveLength(2)
  })

  test('is not changed where an input has changed that kops cannot apply', async () => {
    const start = universe.world.requests.all().length
    const refused = await run({ name: 'usa', networking: 'calico', 'node-count': '3' })
    expect(refused.exitCode).toBe(1)
    expect(said(refused)).toContain('networking is cilium, not calico')
    expect(said(refused)).toContain('run teardown and create the cluster anew')
    expect(writesSince(start)).toEqual([])
    const dry = await run({ name: 'usa', networking: 'calico', 'dry-run': 'true' })
    expect(dry.summary).toContain('would be refused: it is there with other inputs')
  })

  test('can be given as an existing one, of which nothing is changed', async () => {
    const start = universe.world.requests.all().length
    const existing = await run({
      name: 'alias',
      provider: 'existing',
      kubeconfig: await universe.kubeconfig(),
      'kubeconfig-context': 'usa',
    })
    expect(said(existing)).toBe('')
    expect(existing.outputs).toMatchObject({
      context: 'alias',
      created: 'false',
      'kubernetes-version': '1.35.7',
    })
    expect(JSON.parse(existing.outputs.cluster ?? '')).toMatchObject({ provider: 'existing', stateStore: '' })
    expect(JSON.parse(existing.outputs.nodes ?? '')).toMatchObject([{ ready: true }, { ready: true }])
    expect(writesSince(start)).toEqual([])
  })

  test('joins the contexts that earlier steps have made', async () => {
    const second = await run(
      { name: 'eur', zones: 'eu-west-1a' },
      { env: { KUBECONFIG: first.outputs.kubeconfig ?? '' } },
    )
    const merged = await loadKubeconfig({ KUBECONFIG: second.outputs.kubeconfig })
    expect(merged?.contexts.map(({ name }) => name)).toEqual(['usa', 'eur'])
    expect(merged?.['current-context']).toBe('eur')
  })

  test('leaves no credential behind when the job ends', async () => {
    await runPost({ dir, env: universe.env }, first)
    expect(existsSync(first.outputs.kubeconfig ?? '')).toBe(false)
  })
})

describe('before anything is made', () => {
  test.each<[string, Record<string, string>, string]>([
    ['a name that would be a flag', { name: '--evil' }, "input name: '--evil' must be a label"],
    [
      'a zone that no account has',
      { zones: 'us-east-1z' },
      "input zones: 'us-east-1z' is not a zone of us-east-1",
    ],
    [
      'a zone that this account has not',
      { zones: 'eu-west-1f' },
      'Use any of eu-west-1a, eu-west-1b, eu-west-1c',
    ],
    [
      'a domain that is no hosted zone, where the API is to have a name in it',
      { dns: 'zone', domain: 'else.example.org' },
      'else.example.org',
    ],
    [
      'a version that kops cannot run',
      { 'kubernetes-version': '1.20.1' },
      'it takes Kubernetes 1.31 to 1.36',
    ],
    [
      'a version of kops that is not there and of unknown hash',
      { 'kops-version': '1.35.9' },
      'the sha256 of kops 1.35.9',
    ],
    ['another account', { 'expected-account-id': '999999999999' }, 'belong to account 111122223333'],
    [
      'no identity token for a role',
      { 'role-to-assume': 'arn:aws:iam::111122223333:role/x' },
      'permissions: id-token: write',
    ],
  ])('%s is refused', async (_, inputs, message) => {
    const start = universe.world.requests.all().length
    const refused = await run({ name: 'refused', ...inputs })
    expect(refused.exitCode).toBe(1)
    expect(said(refused)).toContain(message)
    expect(writesSince(start)).toEqual([])
  })

  test('a dry run shows what kops would save, and writes nothing', async () => {
    const start = universe.world.requests.all().length
    const dry = await run({ name: 'dry', 'dry-run': 'true' })
    expect(dry.exitCode).toBe(0)
    expect(dry.stdout).toContain('configBase: s3://dry.k8s.example.com-state/dry.k8s.example.com')
    expect(dry.summary).toContain(
      'State store <code>s3://dry.k8s.example.com-state</code> | would be created',
    )
    expect(dry.outputs.created).toBe('false')
    expect(writesSince(start)).toEqual([])
  })
})

describe('cut short', () => {
  test('while kops builds, it names what exists and how to remove it; the next run finishes', async () => {
    const cancel = new AbortController()
    const onLine = (line: string) => {
      if (/Tasks: \d+ done/.test(line)) cancel.abort()
    }
    const cut = await run({ name: 'cut', environment: 'pr-42' }, { signal: cancel.signal, onLine })
    expect(cut.exitCode).not.toBe(0)
    expect(cut.orphans).toBe(false)
    expect(cut.stdout).toContain('state bucket cut.pr-42.k8s.example.com-state')
    expect(cut.stdout).toContain(
      'run teardown with clusters: [{name: cut, region: us-east-1}], domain: k8s.example.com, environment: pr-42',
    )
    const again = await run({ name: 'cut', environment: 'pr-42' })
    expect(said(again)).toBe('')
    expect(JSON.parse(again.outputs.nodes ?? '')).toHaveLength(2)
  })

  test('while it waits, it says what is missing and ends at once', async () => {
    const slow = await startUniverse({ scale: 40 })
    try {
      const cancel = new AbortController()
      const onLine = (line: string) => {
        if (line.startsWith('cluster slow.k8s.example.com: ')) cancel.abort()
      }
      const cut = await run({ name: 'slow' }, { signal: cancel.signal, onLine, env: slow.env })
      expect(cut.stdout).toMatch(
        /cluster slow\.k8s\.example\.com: (the API's name is not known yet|the API server does not answer yet|\d of 2 instances)/,
      )
      expect(cut.stdout).toContain('cluster slow.k8s.example.com in us-east-1')
      expect(cut.outputs).toMatchObject({ created: 'true', 'state-store': 's3://slow.k8s.example.com-state' })
      expect(cut.orphans).toBe(false)
    } finally {
      await slow.close()
    }
  })
})

describe('what no waiting will mend ends the run at once', () => {
  test.each([
    [
      'no-capacity',
      'do not have sufficient t3.medium capacity',
      'Choose another zone or another instance size.',
    ],
    ['vcpu-quota', 'more vCPU capacity than your current vCPU limit', 'Ask AWS for a higher quota'],
  ])('%s', async (fault, words, advice) => {
    const poor = await startUniverse({ scale: 10_000, faults: [fault] })
    try {
      const failed = await run({ name: 'poor' }, { env: poor.env })
      expect(failed.exitCode).toBe(1)
      expect(said(failed)).toContain(words)
      expect(said(failed)).toContain(advice)
      expect(failed.stdout).toContain('run teardown with clusters: [{name: poor')
    } finally {
      await poor.close()
    }
  })
})
