import { readFile } from 'node:fs/promises'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { type Identity, makeMark, writeClaim } from '@meridian/identity'
import { onlyContext, parseKubeconfig } from '@meridian/kube'
import { type LabClusters, type Name, startClusters, writesOf } from '@meridian/lab-universe/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attempt } from './in-process.ts'

const names = ['usa', 'eur'] as const
const theirs = {
  repository: 'globex/shop',
  repositoryId: '2002',
  url: 'https://github.com/globex/shop/actions/runs/7',
}
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

let lab: LabClusters
const identity = (): Identity => ({
  domain: lab.universe.domain,
  repository: { id: '1001', name: 'o/r' },
})
const stranger = (): Identity => ({ ...identity(), repository: { id: '2002', name: 'globex/shop' } })
const fullName = (name: Name) => `${name}.${lab.universe.domain}`
const host = () => lab.universe.clusters.clusters().find(({ spec }) => spec.name === fullName('usa'))?.store
const federation = () => lab.universe.clusters.federations()[0]?.store
const members = () =>
  federation()
    ?.list('Cluster')
    .map(({ metadata }) => metadata.name)
const writes = () => writesOf(lab.universe, 'federate')

/** What the run would have written is compared with what it has: nothing. */
async function refused(given: Promise<{ error: unknown }>): Promise<string> {
  const before = writes()
  const { error } = await given
  expect(writes()).toEqual(before)
  expect(error).toBeDefined()
  return messageOf(error)
}

/** Puts an object into the state store that follows from a cluster's name, as the world outside of federate would. */
async function putState(name: Name, key: string, Body: string): Promise<void> {
  const {
    AWS_ENDPOINT_URL: endpoint = '',
    AWS_ACCESS_KEY_ID = '',
    AWS_SECRET_ACCESS_KEY = '',
  } = lab.universe.env
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY }
  const s3 = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true })
  const Bucket = `${fullName(name)}-state`
  await s3.send(new CreateBucketCommand({ Bucket })).catch(() => {})
  await s3.send(new PutObjectCommand({ Bucket, Key: key, Body }))
}

const putClaim = (name: Name, owner: Identity) =>
  putState(name, `${fullName(name)}.claim.json`, writeClaim(makeMark({ ...owner, cluster: fullName(name) })))

describe('runs on one host', () => {
  beforeAll(async () => {
    lab = await startClusters(names)
  })
  afterAll(() => lab.close())

  test('four at once, the first of all, all succeed, and there is one control plane', async () => {
    const runs = [1, 2, 3, 4].map(at => {
      const run = { url: `https://github.com/o/r/actions/runs/${at}` }
      return attempt(lab, names, {}, new AbortController(), { run, env: { GITHUB_RUN_ATTEMPT: '1' } })
    })
    const ended = await Promise.all(runs)
    expect(ended.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined])
    expect(ended.map(({ job }) => (job.outputs.joined as string[]).length).sort()).toEqual([0, 0, 0, 2])
    expect(lab.universe.clusters.federations()).toHaveLength(1)
    expect(members()).toEqual(['eur', 'usa'])
  })

  test('go on after one that has died with the lease', async () => {
    const lease = { namespace: 'kube-system', name: 'meridian-federation' }
    host()?.modify('Lease', lease.namespace, lease.name, draft => {
      const renewTime = new Date(Date.now() - 3_600_000).toISOString().replace('Z', '000Z')
      draft.spec = { holderIdentity: 'federate dead', leaseDurationSeconds: 120, renewTime }
    })
    federation()?.remove('Secret', 'karmada-cluster', 'eur-impersonator')
    const { error, job } = await attempt(lab, names, {}, new AbortController(), {
      run: { url: 'https://x/9' },
    })
    expect([error, job.outputs.changed]).toEqual([undefined, true])
  })
})

describe('two repositories', () => {
  let kubeconfig: string
  const existing = () => ({ 'control-plane': 'existing', 'karmada-kubeconfig': kubeconfig, name: 'shared' })
  const asThem = (clusters: readonly Name[], inputs: Record<string, string> = {}) =>
    attempt(lab, clusters, inputs, new AbortController(), { run: theirs })

  beforeAll(async () => {
    lab = await startClusters(['usa', 'eur', 'jpn'])
    const { error, job } = await attempt(lab, names)
    expect(error).toBeUndefined()
    const text = await readFile(String(job.outputs.kubeconfig), 'utf8')
    kubeconfig = JSON.stringify(onlyContext(parseKubeconfig(text), 'fed'))
  })
  afterAll(() => lab.close())

  test('do not share a host: the federation there is of who has made it', async () => {
    const words = 'the federation in usa belongs to k8s.example.com of o/r'
    expect(await refused(asThem(['usa', 'jpn']))).toContain(words)
    expect(await refused(asThem(['usa', 'jpn'], { 'dry-run': 'true' }))).toContain(words)
    expect(await refused(asThem(['usa', 'jpn'], { adopt: 'true', prune: 'true' }))).toContain(words)
  })

  test('share a federation by its kubeconfig, each with members of its own', async () => {
    const joined = await asThem(['jpn'], { ...existing(), prune: 'true' })
    expect([joined.error, joined.job.outputs.joined, joined.job.outputs.unjoined]).toEqual([
      undefined,
      ['jpn'],
      [],
    ])
    expect(members()).toEqual(['eur', 'jpn', 'usa'])
    const pruned = await attempt(lab, names, { prune: 'true' })
    expect([pruned.error, pruned.job.outputs.unjoined]).toEqual([undefined, []])
    expect(pruned.job.lines.join('\n')).toContain(
      'jpn: is a member, though clusters does not name it; it stays (it belongs to k8s.example.com of globex/shop',
    )
    expect(members()).toEqual(['eur', 'jpn', 'usa'])
  })

  test.each(['false', 'true'])(
    'do not take a name that the other has joined (adopt: %s)',
    async adopt => {
      const words = 'eur is a member of this federation already, and belongs to k8s.example.com of o/r'
      expect(await refused(asThem(['eur'], { ...existing(), adopt }))).toContain(words)
      const inputs = { ...existing(), adopt, 'dry-run': 'true' }
      expect(await refused(asThem(['eur'], inputs))).toContain(words)
    },
    60_000,
  )

  test('do not join a cluster that the other has made', async () => {
    await putClaim('eur', stranger())
    const words =
      'eur.k8s.example.com belongs to k8s.example.com of globex/shop (cluster eur.k8s.example.com)'
    expect(await refused(attempt(lab, names))).toContain(words)
    expect(await refused(attempt(lab, names, { 'dry-run': 'true' }))).toContain(words)
  })

  test('do not join a cluster of which it cannot be told who has made it', async () => {
    await putState('eur', `${fullName('eur')}.claim.json`, '<html>')
    expect(await refused(attempt(lab, names))).toContain('whose eur.k8s.example.com is cannot be told')
    await putClaim('eur', identity())
    const proxy = lab.universe.world.faults.requests.plan({
      failure: 'proxy-404',
      nth: 1,
      times: Number.POSITIVE_INFINITY,
      service: 's3',
      operation: 'GetObject',
    })
    expect(await refused(attempt(lab, names))).toContain('was answered 404 by something that is not AWS')
    proxy.forget()
  })

  test('do not join a cluster under a region in which it is not', async () => {
    const config = 'spec: {subnets: [{zone: us-west-2a}]}'
    await putState('eur', `${fullName('eur')}/config`, config)
    expect(await refused(attempt(lab, names))).toContain(
      'eur.k8s.example.com is in us-west-2, not in eu-west-1',
    )
    await putState('eur', `${fullName('eur')}/config`, config.replace('us-west-2a', 'eu-west-1a'))
    expect((await attempt(lab, names)).error).toBeUndefined()
  })
})

describe('a federation of version 0.1', () => {
  beforeAll(async () => {
    lab = await startClusters(names)
    expect((await attempt(lab, names)).error).toBeUndefined()
  })
  afterAll(() => lab.close())

  const record = () => host()?.get('ConfigMap', 'karmada-system', 'meridian-installation')
  const marks = () =>
    [record(), ...(federation()?.list('Cluster') ?? [])].map(
      object => object?.metadata.annotations?.['meridian.dev/mark'] !== undefined,
    )

  /** Leaves of what is there what version 0.1 would have written. */
  function forgetMarks(): void {
    const bare = (draft: { metadata: { labels?: object; annotations?: object } }) => {
      delete draft.metadata.labels
      delete draft.metadata.annotations
    }
    host()?.modify('ConfigMap', 'karmada-system', 'meridian-installation', bare)
    for (const name of members() ?? []) federation()?.modify('Cluster', undefined, name, bare)
    expect(marks()).toEqual([false, false, false])
  }

  test('is used as it is on a host that bears no mark, and nothing of it is unjoined', async () => {
    forgetMarks()
    const before = writes()
    const { error, job } = await attempt(lab, ['usa'], { prune: 'true' })
    expect([error, job.outputs.changed, job.outputs.unjoined]).toEqual([undefined, false, []])
    expect(writes()).toEqual(before)
  })

  test('is claimed there with adopt, members and all', async () => {
    const { error, job } = await attempt(lab, names, { adopt: 'true' })
    expect([error, job.outputs.changed]).toEqual([undefined, true])
    expect(marks()).toEqual([true, true, true])
    expect((await attempt(lab, names)).job.outputs.changed).toBe(false)
  })

  test('is marked by the next run on a host that is ours, and then only what is ours is unjoined', async () => {
    forgetMarks()
    await putClaim('usa', identity())
    const { error } = await attempt(lab, ['usa'])
    expect(error).toBeUndefined()
    expect(marks()).toEqual([true, true, true])
    const { job } = await attempt(lab, ['usa'], { prune: 'true' })
    expect(job.outputs.unjoined).toEqual(['eur'])
  })
})
