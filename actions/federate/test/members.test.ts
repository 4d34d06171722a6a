import { readFile, writeFile } from 'node:fs/promises'
import { buildPropagationPolicy, connectFederation } from '@meridian/karmada'
import { connectKube, refOf } from '@meridian/kube'
import { createAuthority } from '@meridian/lab-kube-api/certificates'
import { type LabClusters, type Name, startClusters, until, writesOf } from '@meridian/lab-universe/testing'
import { testJob } from '@meridian/runner/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { attempt } from './in-process.ts'

// The pauses between the attempts of a request need not be sat out here.
vi.mock(import('@meridian/runner'), async original => {
  const runner = await original()
  return { ...runner, pause: (milliseconds, signal) => runner.pause(milliseconds / 50, signal) }
})

const names = ['usa', 'eur', 'jpn'] as const
let lab: LabClusters

const fullName = (name: Name) => `${name}.${lab.universe.domain}`
const storeOf = (name: Name) =>
  lab.universe.clusters.clusters().find(({ spec }) => spec.name === fullName(name))?.store
const federationStore = () => lab.universe.clusters.federations()[0]?.store
const isReady = (name: Name) => {
  const status = federationStore()?.get('Cluster', undefined, name)?.status as
    | { conditions?: { type: string; status: string }[] }
    | undefined
  return status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True'
}
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

async function connectFed() {
  const job = testJob({ userAgent: 'meridian-test/0.1.0' })
  const host = connectKube(await readFile(lab.env.KUBECONFIG ?? '', 'utf8'), { ...job, context: 'usa' })
  return connectFederation(job, host, 'fed')
}

beforeAll(async () => {
  lab = await startClusters(names)
})
afterAll(() => lab.close())

describe('a member that is dead', () => {
  test('before the run keeps it from writing anything, and is named with its region', async () => {
    const back = lab.universe.clusters.takeAway(fullName('jpn'), 'refused')
    const { error } = await attempt(lab, names)
    back()
    expect(messageOf(error)).toContain('jpn (ap-northeast-1) does not answer, so nothing was changed')
    expect(writesOf(lab.universe, 'federate')).toEqual([])
  })

  test('from the middle of its join on does not keep the others from being joined', async () => {
    let back = () => {}
    lab.universe.world.faults.requests.plan({
      failure: 'reset-before',
      nth: 4,
      client: 'federate',
      server: fullName('jpn'),
      concerns: ({ operation }) => operation.startsWith('patch'),
      onStrike: () => {
        back = lab.universe.clusters.takeAway(fullName('jpn'), 'refused')
      },
    })
    const { error, job } = await attempt(lab, names)
    back()
    expect(messageOf(error)).toMatch(/not all members take part:\n- jpn \(ap-northeast-1\) no longer answers/)
    expect(job.outputs).toMatchObject({ joined: ['usa', 'eur'], changed: true })
    expect(job.summaries.join()).toMatch(/^- jpn \\\(ap-northeast-1\\\) no longer answers/m)
    expect([isReady('usa'), isReady('eur')]).toEqual([true, true])
  })

  test('is joined by the next run once it is back, and the others are left as they are', async () => {
    const { error, job } = await attempt(lab, names)
    expect([error, job.outputs.joined, job.outputs.changed]).toEqual([undefined, ['jpn'], true])
  })

  test('and is not listed any more is unjoined in a bounded time, and what is left in it is told', async () => {
    const federation = await connectFed()
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name: 'colours' } }
    await federation.apply(map)
    await federation.apply(
      buildPropagationPolicy(refOf(map), { mode: 'duplicate', clusters: names }, { labels: {} }),
    )
    await until(() => storeOf('jpn')?.get('ConfigMap', 'default', 'colours') !== undefined)
    const back = lab.universe.clusters.takeAway(fullName('jpn'), 'refused')
    await until(() => !isReady('jpn'))
    const { error, job } = await attempt(lab, ['usa', 'eur'], { prune: 'true' })
    back()
    expect([error, job.outputs.unjoined]).toEqual([undefined, ['jpn']])
    const left = /still in it: ConfigMap default\/colours, .*namespace karmada-cluster/
    expect(job.lines.join('\n')).toMatch(left)
    expect(job.summaries.join()).toMatch(left)
    expect(storeOf('eur')?.get('ConfigMap', 'default', 'colours')).toBeDefined()
  })
})

describe('a member', () => {
  test('that has disowned its token gets another, and the controllers start anew', async () => {
    const secret = storeOf('eur')?.get('Secret', 'karmada-cluster', 'karmada-eur')
    const { token: data = '' } = (secret?.data ?? {}) as { token?: string }
    const token = Buffer.from(data, 'base64').toString()
    const server = lab.universe.clusters.clusters().find(({ spec }) => spec.name === fullName('eur'))?.server
    expect(server?.tokens.delete(token)).toBe(true)
    const { error, job } = await attempt(lab, ['usa', 'eur'])
    expect([error, job.outputs.changed]).toEqual([undefined, true])
    expect(job.lines.join('\n')).toContain('eur: the token of account karmada-eur is no longer valid')
    expect(job.lines.join('\n')).toContain('the controllers start anew')
    expect((await attempt(lab, ['usa', 'eur'])).job.outputs.changed).toBe(false)
  })

  test.each([
    ['the rights of its account', 'ClusterRoleBinding', undefined, 'karmada-controller-manager:karmada-eur'],
    ['some of these', 'ClusterRole', undefined, 'karmada-controller-manager:karmada-eur'],
    ['the account for other users', 'ServiceAccount', 'karmada-cluster', 'karmada-impersonator'],
    ['the token of that', 'Secret', 'karmada-cluster', 'karmada-impersonator'],
  ] as const)('that has lost %s gets them back', async (_, kind, namespace, name) => {
    const member = storeOf('eur')
    if (kind === 'ClusterRole')
      member?.modify(kind, namespace, name, draft => {
        draft.rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }]
      })
    else member?.remove(kind, namespace, name)
    const { error, job } = await attempt(lab, ['usa', 'eur'])
    expect([error, job.outputs.changed]).toEqual([undefined, true])
    expect(job.lines.join('\n')).toContain('eur: repaired')
    expect((await attempt(lab, ['usa', 'eur'])).job.outputs.changed).toBe(false)
  })

  test('whose tokens are said to be of another cluster is looked at itself', async () => {
    const name = 'meridian.dev/cluster-id'
    federationStore()?.modify('Secret', 'karmada-cluster', 'eur', ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, [name]: 'of-another' }
    })
    const read = () =>
      lab.universe.world.requests.all().filter(({ operation }) => operation === 'get /version').length
    const before = read()
    expect((await attempt(lab, ['usa', 'eur'])).job.outputs.changed).toBe(false)
    expect(read()).toBeGreaterThan(before)
  })

  test('whose registration is answered by a lost connection is found to be registered', async () => {
    await attempt(lab, ['usa'], { prune: 'true' })
    const lost = { failure: 'reset-after', nth: 1, client: 'federate' } as const
    const fault = lab.universe.world.faults.requests.plan({
      ...lost,
      concerns: ({ operation }) => operation.startsWith('create clusters'),
    })
    const { error, job } = await attempt(lab, ['usa', 'eur'])
    expect([fault.struck(), error, job.outputs.joined]).toEqual([1, undefined, ['eur']])
  })

  test('is not given up while the control plane does not serve clusters yet', async () => {
    const fault = lab.universe.world.faults.requests.plan({
      failure: 'unavailable',
      nth: 1,
      times: 6,
      client: 'federate',
      operation: 'list clusters.cluster.karmada.io',
    })
    const { error, job } = await attempt(lab, ['usa', 'eur'])
    expect([fault.struck(), error, job.outputs.changed]).toEqual([6, undefined, false])
  })

  test('that was rebuilt under its name takes the place of the former', async () => {
    const former = lab.universe.clusters.clusters().find(({ spec }) => spec.name === fullName('eur'))?.spec
    if (former === undefined) throw new Error('eur does not serve')
    await lab.universe.clusters.stop(former.name)
    await lab.universe.clusters.start({ ...former, authority: await createAuthority('kubernetes-ca') })
    await until(() => storeOf('eur')?.list('Node').length === 2)
    await writeFile(lab.env.KUBECONFIG ?? '', await lab.universe.kubeconfig())
    const { error, job } = await attempt(lab, ['usa', 'eur'])
    expect(error).toBeUndefined()
    expect(job.lines.join('\n')).toContain('eur: rebuilt: another cluster bears its name now')
    expect(job.lines.join('\n')).toContain('the controllers start anew')
    expect(isReady('eur')).toBe(true)
    expect((await attempt(lab, ['usa', 'eur'])).job.outputs.changed).toBe(false)
  })

  test('that is registered under another name is refused before anything is written', async () => {
    const federation = await connectFed()
    const eur = await federation.get({
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      name: 'eur',
    })
    const spec = { ...(eur?.spec as object), syncMode: 'Push' }
    await attempt(lab, ['usa'], { prune: 'true' })
    await federation.create({
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'europe' },
      spec,
    })
    const before = writesOf(lab.universe, 'federate')
    const { error } = await attempt(lab, ['usa', 'eur'])
    expect(messageOf(error)).toContain('cluster eur is a member already, under the name europe')
    expect(writesOf(lab.universe, 'federate')).toEqual(before)
  })
})
