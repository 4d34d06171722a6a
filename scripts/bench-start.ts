import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { inputVariables, readActionFile } from '@meridian/lab-runner/action-file'
import { repository } from './action-files.ts'
import { checkOutBaseline } from './check-out-baseline.ts'
import { readProcess } from './read-process.ts'
import { verdict } from './verdict.ts'

const peerName = 'configure-aws-credentials'
const rounds = 7
const regions = { usa: 'us-east-1', eur: 'eu-west-1', jpn: 'ap-northeast-1' }
const clusters = JSON.stringify(Object.entries(regions).map(([name, region]) => ({ name, region })))
const domain = 'k8s.example.com'
const endpoints = JSON.stringify(
  Object.fromEntries(Object.values(regions).map(region => [region, `${region}.example.net`])),
)
const keys = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_REGION: 'us-east-1',
}

/** What each action is asked to do: all of it begins with a request to AWS. */
const tasks: Readonly<Record<string, Record<string, string>>> = {
  'create-cluster': { domain, name: 'usa', zones: 'us-east-1a' },
  federate: { domain, clusters },
  'deploy-federated-app': { domain, clusters, manifests: 'app.yaml' },
  'latency-dns': { domain, record: 'hugo-fed', endpoints },
  teardown: { domain, clusters },
  [peerName]: {
    'aws-region': 'us-east-1',
    'aws-access-key-id': keys.AWS_ACCESS_KEY_ID,
    'aws-secret-access-key': keys.AWS_SECRET_ACCESS_KEY,
  },
}

type Start = { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> }
/** Milliseconds, by the clock and of processor time, until the first request has arrived; bare Node's until it ends. NaN of an action that asks nothing itself. */
type Cost = { readonly wall: number; readonly cpu: number }

/**
 * Prints what the start of each action costs over bare Node, beside version 0.1 (out of git, or a checkout) and, where a
 * checkout of aws-actions/configure-aws-credentials is given, beside that.
 */
export async function benchStart(baseline?: string, peer?: string): Promise<void> {
  const temp = mkdtempSync(join(tmpdir(), 'meridian-bench-'))
  try {
    const before = baseline ?? checkOutBaseline(temp, ['actions'])
    const actions = Object.keys(tasks).filter(name => name !== peerName)
    const of = (root: string) => actions.map(name => join(root, 'actions', name))
    const costs = await measureStarts([...(peer ? [peer] : []), ...of(repository), ...of(before)])
    const bare = costs.get('') ?? { wall: 0, cpu: 0 }
    const over = (directory: string) => {
      const { wall, cpu } = costs.get(directory) ?? bare
      return { wall: wall - bare.wall, cpu: cpu - bare.cpu }
    }
    console.log('to the first request over bare Node       wall         CPU    0.1, CPU')
    if (peer) tellStart(peerName, over(peer))
    for (const name of actions) {
      const now = over(join(repository, 'actions', name))
      tellStart(name, now, over(join(before, 'actions', name)))
      if (peer) verdict(`start of ${name} / ${peerName}'s, CPU`, now.cpu / over(peer).cpu, 0.5)
    }
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

function tellStart(name: string, { wall, cpu }: Cost, before?: Cost): void {
  const cells = [wall, cpu, ...(before ? [before.cpu] : [])].map(value =>
    (Number.isNaN(value) ? 'none' : `+${value.toFixed(0)} ms`).padStart(12),
  )
  console.log(`  ${name.padEnd(34)}${cells.join('')}`)
}

/**
 * What it costs from the start of an action to the arrival of its first request at a server of this machine, of each of the
 * given directories, in turn; medians. The first, '', is bare Node's own.
 */
async function measureStarts(directories: readonly string[]): Promise<Map<string, Cost>> {
  const temp = mkdtempSync(join(tmpdir(), 'meridian-bench-'))
  try {
    const starts = await Promise.all(
      ['', ...directories].map(async at => [at, await startOf(at, temp)] as const),
    )
    const seen = new Map<string, Cost[]>()
    for (let round = 0; round <= rounds; round += 1)
      for (const [at, start] of starts) {
        const cost = await untilRequest(start)
        // The first reads the disk.
        if (round > 0) seen.set(at, [...(seen.get(at) ?? []), cost])
      }
    return new Map(
      [...seen].map(([at, costs]) => [at, { wall: median(costs, 'wall'), cpu: median(costs, 'cpu') }]),
    )
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

function median(costs: readonly Cost[], what: keyof Cost): number {
  return costs.map(cost => cost[what]).sort((a, b) => a - b)[costs.length >> 1] ?? 0
}

async function startOf(directory: string, temp: string): Promise<Start> {
  const files = ['OUTPUT', 'STATE', 'STEP_SUMMARY', 'ENV', 'PATH'].map(name => [
    `GITHUB_${name}`,
    join(temp, name),
  ])
  for (const [, file = ''] of files) writeFileSync(file, '')
  // Whether kops is there is asked before AWS is.
  writeFileSync(join(temp, 'kops'), '#!/bin/sh\necho 1.36.2\n')
  chmodSync(join(temp, 'kops'), 0o755)
  writeFileSync(join(temp, 'app.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n')
  const env = {
    PATH: [temp, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    HOME: temp,
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: temp,
    GITHUB_WORKSPACE: temp,
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_REPOSITORY_ID: '1',
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_ATTEMPT: '1',
    ...Object.fromEntries(files),
  }
  if (directory === '') return { args: ['--eval', `process.stdout.write(String(${ownCpu}))`], env }
  const action = await readActionFile(directory)
  const name = Object.keys(tasks).find(task => directory.endsWith(task)) ?? peerName
  const { env: inputs } = inputVariables(action, tasks[name] ?? {})
  const credentials = name === peerName ? {} : keys
  return { args: [join(directory, action.main)], env: { ...env, ...credentials, ...inputs } }
}

const ownCpu = 'process.cpuUsage().user / 1e3 + process.cpuUsage().system / 1e3'

async function untilRequest({ args, env }: Start): Promise<Cost> {
  const { promise, resolve } = Promise.withResolvers<Cost>()
  const server = createServer(() => resolve({ wall: performance.now() - began, cpu: cpuOf(child.pid) }))
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const began = performance.now()
  const child = spawn(process.execPath, args, {
    env: { ...env, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', part => {
    said += part
  })
  const closed = new Promise<void>(done => child.once('close', () => done()))
  closed.then(() => {
    if (args[0] === '--eval') resolve({ wall: performance.now() - began, cpu: Number(said) })
    else resolve({ wall: Number.NaN, cpu: Number.NaN })
  })
  try {
    return await promise
  } finally {
    child.kill('SIGKILL')
    await closed
    server.closeAllConnections()
    server.close()
  }
}

/** Processor time of all threads of a process so far, milliseconds. */
function cpuOf(pid: number | undefined): number {
  const spent = readdirSync(`/proc/${pid}/task`).map(
    thread => readProcess(`${pid}/task/${thread}`, 'schedstat').split(' ')[0],
  )
  return spent.reduce((sum, nanoseconds) => sum + Number(nanoseconds), 0) / 1e6
}
