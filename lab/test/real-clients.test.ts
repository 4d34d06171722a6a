import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { createAws } from '@meridian/lab-aws'
import { startMember } from '@meridian/lab-clusters/testing'
import { installKarmada, startFederationWorld } from '@meridian/lab-karmada/testing'
import { universeKubeconfig } from '@meridian/lab-universe'
import { type FrontDoor, openFrontDoor } from '@meridian/lab-world'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const isFound = (program: string) =>
  (process.env.PATH ?? '').split(delimiter).some(directory => existsSync(join(directory, program)))
const skipped = (program: string) => (isFound(program) ? '' : ` (skipped: ${program} not found)`)

const testWorld = startFederationWorld(2000)
let home: string
let kubeconfig: string
let door: FrontDoor

beforeAll(async () => {
  if (!isFound('kubectl') && !isFound('karmadactl')) return
  const usa = await startMember(testWorld, 'usa')
  await installKarmada(testWorld, usa)
  door = await openFrontDoor(testWorld.world, { aws: createAws(testWorld.world).handler, control: {} })
  home = await mkdtemp(join(tmpdir(), 'real-clients-'))
  kubeconfig = join(home, 'config')
  await writeFile(kubeconfig, await universeKubeconfig(testWorld.host, door.url), { mode: 0o600 })
})

afterAll(async () => {
  await testWorld.close()
  await door?.close()
  if (home) await rm(home, { recursive: true, force: true })
})

async function tell(program: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: kubeconfig }
  return (await run(program, args, { env })).stdout.trimEnd()
}

describe.skipIf(!isFound('kubectl'))(`kubectl on a cluster${skipped('kubectl')}`, () => {
  const kubectl = (...args: string[]) => tell('kubectl', '--context=usa', ...args)

  test('speaks to the federation unless it is told otherwise', async () => {
    expect(await tell('kubectl', 'config', 'current-context')).toBe('fed')
  })

  test('rolls a Deployment out, back and over, and reads its log', async () => {
    await kubectl('create', 'deployment', 'web', '--image=nginx:1.29', '--replicas=2')
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=20s')
    await kubectl('set', 'image', 'deployment/web', 'nginx=nginx:1.30')
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=20s')
    expect(await kubectl('rollout', 'undo', 'deployment/web')).toBe('deployment.apps/web rolled back')
    expect(await kubectl('rollout', 'status', 'deployment/web', '--timeout=20s')).toContain(
      'successfully rolled out',
    )
    const sets = await kubectl('get', 'replicasets', '-o', 'jsonpath={.items[*].spec.replicas}')
    expect(sets.split(' ').sort()).toEqual(['0', '2'])
    expect(await kubectl('logs', 'deployment/web')).toMatch(/ started nginx:1\.29$/)
  })

  test('shows everything of a namespace', async () => {
    const shown = await kubectl('get', 'all')
    expect(shown).toMatch(/NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\npod\/web-/)
    expect(shown).toMatch(/service\/kubernetes\s+ClusterIP/)
    expect(shown).toMatch(/deployment\.apps\/web\s+2\/2/)
  })

  test('scales, tells differences and deletes', async () => {
    expect(await kubectl('scale', 'deployment/web', '--replicas=1')).toBe('deployment.apps/web scaled')
    const manifest = join(home, 'web.json')
    await writeFile(manifest, await kubectl('get', 'deployment', 'web', '-o', 'json'))
    expect(await kubectl('diff', '-f', manifest)).toBe('')
    expect(await kubectl('auth', 'can-i', 'delete', 'deployments')).toBe('yes')
    expect(await kubectl('delete', 'deployment', 'web')).toBe('deployment.apps "web" deleted')
  })

  test('makes jobs, also of a cron job, and scales by load', async () => {
    await kubectl('create', 'deployment', 'busy', '--image=nginx:1.29')
    const scaled = kubectl('autoscale', 'deployment', 'busy', '--max=5', '--cpu-percent=80')
    expect(await scaled).toBe('horizontalpodautoscaler.autoscaling/busy autoscaled')
    expect(await kubectl('get', 'hpa', 'busy')).toMatch(/Deployment\/busy\s+cpu: <unknown>\/80%\s+1\s+5/)
    expect(await kubectl('create', 'job', 'once', '--image=busybox', '--', 'date')).toBe(
      'job.batch/once created',
    )
    await kubectl('create', 'cronjob', 'beat', '--image=busybox', '--schedule=0 0 1 1 *', '--', 'date')
    expect(await kubectl('create', 'job', 'now', '--from=cronjob/beat')).toBe('job.batch/now created')
    expect(await kubectl('wait', '--for=condition=Complete', 'job/now', '--timeout=20s')).toContain(
      'condition met',
    )
  })

  test('explains fields, lists rights and makes tokens', async () => {
    expect(await kubectl('explain', 'deployment.spec.replicas')).toContain('FIELD: replicas <integer>')
    expect(await kubectl('explain', 'pod.spec.containers.resources')).toMatch(
      /limits\s+<map\[string\]Quantity>/,
    )
    expect(await kubectl('auth', 'can-i', '--list')).toMatch(/\*\.\*\s+\[\]\s+\[\]\s+\[\*\]/)
    const token = await kubectl('create', 'token', 'default')
    expect(token.split('.')).toHaveLength(3)
  })

  test.each([
    ['exec', 'deploy/busy', '--', 'ls'],
    ['cp', '/etc/hostname', 'default/POD:/tmp/x'],
  ])('is told in a sentence why it cannot %s', async (...args) => {
    const pod = await kubectl('get', 'pods', '-l', 'app=busy', '-o', 'jsonpath={.items[0].metadata.name}')
    await expect(kubectl(...args.map(each => each.replace('POD', pod)))).rejects.toThrow(
      'the lab runs nothing in its containers',
    )
  })

  test('runs a pod for as long as somebody has something to say to it', async () => {
    const running = run('kubectl', ['--context=usa', 'run', 'talk', '--rm', '-i', '--image=busybox'], {
      env: { PATH: process.env.PATH, HOME: home, KUBECONFIG: kubeconfig },
    })
    running.child.stdin?.end('hello\n')
    const { stdout, stderr } = await running
    expect(stderr).toContain('The lab runs nothing in container talk')
    expect(stdout).toContain('pod "talk" deleted')
  })

  test('has no metrics to show', async () => {
    await expect(kubectl('top', 'nodes')).rejects.toThrow('error: Metrics API not available')
  })

  test.each([
    ...[
      'nodes',
      'pods',
      'deployments',
      'replicasets',
      'services',
      'jobs',
      'cronjobs',
      'hpa',
      'endpointslices',
    ],
    ...['serviceaccounts', 'secrets', 'configmaps', 'namespaces', 'storageclasses', 'clusterroles'],
  ])('describes %s', async kind => {
    expect(await kubectl('describe', kind, '--all-namespaces')).toMatch(/^Name:\s+\S/)
  })
})

describe.skipIf(!isFound('karmadactl'))(`karmadactl${skipped('karmadactl')}`, () => {
  const karmadactl = (...args: string[]) => tell('karmadactl', '--karmada-context=fed', ...args)
  const access = () => [`--cluster-kubeconfig=${kubeconfig}`, '--cluster-context=usa']

  test('joins a cluster, shows it, taints it and unjoins it', async () => {
    const joined = karmadactl('join', 'usa', ...access(), '--cluster-region=us-east-1')
    expect(await joined).toBe('cluster(usa) is joined successfully')
    await expect(karmadactl('join', 'usa', ...access())).rejects.toThrow(
      'the cluster name usa has been registered',
    )
    await tell('kubectl', '--context=fed', 'wait', '--for=condition=Ready', 'cluster/usa', '--timeout=20s')
    expect(await karmadactl('get', 'clusters')).toMatch(/\nusa\s+Karmada\s+v1\.35\.7\s+Push\s+True/)
    expect(await karmadactl('get', 'nodes', '--operation-scope=members')).toMatch(/i-0usa2222\s+usa\s+Ready/)
    expect(await karmadactl('taint', 'clusters', 'usa', 'a=b:NoSchedule')).toBe('cluster/usa tainted')
    await karmadactl('unjoin', 'usa', ...access())
    await expect(karmadactl('unjoin', 'usa')).rejects.toThrow('no cluster object usa found')
  })
})
