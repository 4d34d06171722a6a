import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compareSnapshots, labDomain as domain } from '@meridian/lab-universe'
import type { RequestFault } from '@meridian/lab-world'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startGithub } from '../../../actions/teardown/test/reap/github-server.ts'
import { follow } from '../advice/follow.ts'
import { type Repository, shop } from '../ownership/owners.ts'
import { listOf, startPlatform, type TenantWorld } from './tenant-world.ts'

const blog: Repository = { id: '2002', name: 'acme/blog' }
let world: TenantWorld

beforeAll(async () => {
  world = await startPlatform()
})
afterAll(() => world.close())

const snapshot = () => world.universe.snapshot()
const changedSince = (before: ReturnType<typeof snapshot>) => compareSnapshots(before, snapshot())

describe('of two environments in one federation', () => {
  test('reap takes the one that has expired, exactly and wholly, and not the federation', async () => {
    await world.settle({ environment: 'pr-1', lifetime: '72h' })
    const before = snapshot()
    await world.settle({ environment: 'pr-2', lifetime: '72h' })
    world.expire('pr-2')
    const dry = await world.reap({ 'dry-run': 'true' })
    expect([dry.error, dry.differences]).toEqual([undefined, []])
    expect(dry.job.summaries.join()).toMatch(/pr-2.*app in the federation of usa.*goes.*it expired/)
    expect(dry.job.summaries.join()).toMatch(/pr-1.*app in the federation of usa.*stays.*it expires in/)
    const { error, job } = await world.reap()
    expect(error).toBeUndefined()
    expect(job.outputs.clean).toBe(true)
    expect(job.outputs.deleted).toContainEqual({
      type: 'claim',
      id: `_meridian._claim-${shop.id}.pr-2.${domain}`,
    })
    expect(changedSince(before)).toEqual([])
  })

  test('reap takes the one whose pull request is closed, which needs no lifetime', async () => {
    const before = snapshot()
    await world.settle({ environment: 'pr-7', pullRequest: 7 })
    await using github = await startGithub({ '/repos/acme/shop/pulls/7': { state: 'closed', id: 1001 } })
    const { error } = await world.reap({}, { GITHUB_API_URL: github.url })
    expect(error).toBeUndefined()
    expect(changedSince(before)).toEqual([])
  })

  test('that two repositories call alike each goes with its own claim', async () => {
    await world.settle({ environment: 'pr-3', repository: blog, lifetime: '72h' })
    const before = snapshot()
    await world.settle({ environment: 'pr-3', lifetime: '72h' })
    world.expire('pr-3')
    expect((await world.reap()).error).toBeUndefined()
    expect(changedSince(before)).toEqual([])
    world.expire('pr-3', blog)
    const { error, differences } = await world.reap()
    expect([error, differences]).toEqual([undefined, []])
  })
})

describe('a claim that has expired', () => {
  let whole: string
  beforeAll(async () => {
    await world.settle({ environment: 'pr-4', lifetime: '72h' })
    world.expire('pr-4')
    whole = world.claimOf('pr-4')
  })
  beforeEach(() => world.rewrite('pr-4', () => whole))

  const host = { operation: 'get /readyz', server: `usa.${domain}` }
  const reapWith = (fault: Omit<RequestFault, 'client' | 'nth'>) =>
    world.run({
      action: 'teardown',
      inputs: { domain, mode: 'reap', 'name-servers': world.universe.nameServer },
      faults: [{ nth: 1, ...fault }],
    })
  const always = { times: Number.POSITIVE_INFINITY }

  test.each<[string, (text: string) => string, RegExp | undefined]>([
    ['of another repository', text => text.replace('repository-id=1001', 'repository-id=9'), undefined],
    ['of another environment', text => text.replace('owner=pr-4', 'owner=pr-5'), /it speaks for pr-5/],
    [
      'of another domain',
      text => text.replace(`=${domain}`, '=example.org'),
      /it speaks for pr-4.example.org/,
    ],
    ['of another account', text => text.replace(/account=\d+/, 'account=444455556666'), undefined],
    ['that is damaged', () => 'v=spf1 -all', /Whose the claim .* is cannot be told/],
    [
      'that does not say where its app is',
      text => text.replace(/federation=[^,]*/, 'federation=usa'),
      /its claim does not say where its app is/,
    ],
  ])('%s takes nothing', async (_, edit, words) => {
    world.rewrite('pr-4', edit)
    for (const dry of ['true', 'false']) {
      const { error, differences } = await world.reap({ 'dry-run': dry })
      expect(differences).toEqual([])
      if (dry === 'false' && words !== undefined) expect(error).toMatch(words)
    }
  })

  test.each(['denied', 'proxy-404', 'proxy-page', 'empty-200'] as const)(
    'and that a zone does not tell (%s) takes nothing',
    async failure => {
      const { error, differences } = await reapWith({
        operation: 'ListResourceRecordSets',
        failure,
        ...always,
      })
      expect(error).toContain(`The records of ${domain} could not be looked through`)
      expect(differences).toEqual([])
    },
  )

  test('in a federation whose host does not answer takes nothing, and says so', async () => {
    const { error, differences } = await reapWith({ ...host, failure: 'reset-before', ...always })
    expect(error).toContain(`pr-4.${domain}: the host usa does not answer`)
    expect(differences).toEqual([])
  })

  test('and is renewed while reap is at work takes nothing', async () => {
    const renewed = whole.replace('expires=2026', 'expires=9026')
    // The environment is looked at by now, and nothing is touched yet.
    const { error, job } = await reapWith({ ...host, onStrike: () => world.rewrite('pr-4', () => renewed) })
    expect(error).toBeUndefined()
    expect(job.lines.join('\n')).toContain('It stays for now: it expires in')
    expect(world.appOf('pr-4-1001')).not.toEqual([])
    expect(world.claimOf('pr-4')).toBe(renewed)
  })

  test('takes all of it once nothing of that is so any more', async () => {
    expect((await world.reap()).error).toBeUndefined()
    expect([world.appOf('pr-4-1001'), world.recordsOf('pr-4')]).toEqual([[], []])
  })
})

describe('the teardown of such an environment', () => {
  test('needs no clusters, and takes app, records and claim', async () => {
    const before = snapshot()
    await world.settle({ environment: 'pr-8', lifetime: '72h' })
    const host = `{name: usa, region: us-east-1, fullName: usa.${domain}}`
    const { error } = await world.act('teardown', { domain, environment: 'pr-8', scope: 'dns,app', host })
    expect(error).toBeUndefined()
    expect(world.appOf('pr-8-1001')).toEqual([])
    expect(world.recordsOf('pr-8')).toEqual([])
    expect(changedSince(before)).toEqual([])
  })

  test('of its records alone keeps the claim, and says how all of it goes', async () => {
    await world.settle({ environment: 'pr-9', lifetime: '72h' })
    const part = await world.act('teardown', { domain, environment: 'pr-9', scope: 'dns' })
    expect(part.error).toBeUndefined()
    expect(world.recordsOf('_claim-1001.pr-9.')).toHaveLength(1)
    const [, typed = ''] = /To take all of it away: (.*?), without/.exec(part.job.lines.join('\n')) ?? []
    const whole = follow(`teardown with domain: ${domain}, environment: pr-9, ${typed}. `, 'teardown')
    expect((await world.run(whole)).error).toBeUndefined()
    expect(world.recordsOf('pr-9')).toEqual([])
  })
})

describe('deploy', () => {
  test('writes no claim in a dry run, and none where nobody asks for one', async () => {
    const before = world.recordsOf('_claim')
    const dry = await world.deploy({ environment: 'pr-10', lifetime: '72h' }, { 'dry-run': 'true' })
    expect([dry.error, dry.differences]).toEqual([undefined, []])
    expect(dry.job.lines.join('\n')).toContain('before the app: the claim _meridian._claim-1001.pr-10.')
    expect((await world.deploy({ environment: 'pr-10' })).error).toBeUndefined()
    expect(world.recordsOf('_claim')).toEqual(before)
  })

  test('claims before it deploys, and a second run writes nothing', async () => {
    expect((await world.deploy({ environment: 'pr-11', lifetime: '72h' })).error).toBeUndefined()
    const again = await world.deploy({ environment: 'pr-11', lifetime: '72h' })
    expect([again.error, again.differences]).toEqual([undefined, []])
  })

  test('asks for keys of the host for four hours, however long the environment is wanted', async () => {
    const { directory } = world.universe
    const [kops, asked] = [join(directory, 'noting-kops'), join(directory, 'asked-of-kops')]
    await writeFile(kops, `#!/bin/sh\necho "$@" >> ${asked}\nexec kops "$@"\n`, { mode: 0o755 })
    const tenant = { environment: 'pr-13', lifetime: '72h' }
    const { error } = await world.deploy(tenant, { 'kops-path': kops, 'dry-run': 'true' }, { KUBECONFIG: '' })
    expect(error).toBeUndefined()
    expect(await readFile(asked, 'utf8')).toContain('--admin=14400s')
  })

  test('of a cluster that is not where it is named refuses, before it has changed anything', async () => {
    const clusters = '[{name: usa, region: us-east-1}]'
    const refused = await world.deploy({ environment: 'pr-12', lifetime: '72h' }, { clusters })
    expect(refused.error).toMatch(/usa\.pr-12\.k8s\.example\.com is not in .*give fullName or stateStore/s)
    expect(refused.differences).toEqual([])
  })

  test('for a pull request only warns where it may not write to the zone', async () => {
    const ran = await world.run({
      action: 'deploy-federated-app',
      inputs: {
        ...{ domain, environment: 'pr-13', manifests: 'app.yaml', clusters: listOf('usa', 'eur') },
        namespace: 'pr-13',
      },
      env: { GITHUB_REF: 'refs/pull/13/merge' },
      faults: [{ service: 'route53', nth: 1, times: Number.POSITIVE_INFINITY, failure: 'denied' }],
    })
    expect(ran.error).toBeUndefined()
    expect(ran.job.lines.join('\n')).toContain('The app is not claimed')
  })
})
