import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runAction } from '@meridian/lab-runner'
import {
  configMap,
  deployment,
  type LabFederation,
  service,
  startFederation,
} from '../actions/deploy-federated-app/test/lab-federation.ts'
import { repository } from './action-files.ts'
import { baselineCommit, checkOutBaseline } from './check-out-baseline.ts'

const action = 'actions/deploy-federated-app'
const budgets = { first: 3, second: 60, cpu: 0.5, megabytes: 250 }
/** Of 500 objects. */
const mix = { ConfigMap: 300, Secret: 60, ServiceAccount: 40, Service: 60, Deployment: 40 }

type Release = { readonly title: string; readonly dir: string }
type Run = { requests: Record<string, number>; cpu: number; megabytes: number; seconds: number }

/**
 * Measures the deployment of 500 objects to three regions, twice, by this release's bundle and by that of an older one,
 * one after the other in one federation. The older one comes out of git, or is the checkout in a given directory.
 */
export async function benchDeploy(given?: string): Promise<void> {
  const temp = mkdtempSync(join(tmpdir(), 'meridian-bench-'))
  const federation = await startFederation(['usa', 'eur', 'jpn'])
  try {
    // It read each object by itself, several times.
    const directory = given ?? checkOutBaseline(temp, [action])
    const older = { title: `version 0.1 (${baselineCommit})`, dir: join(directory, action) }
    const before = await deployTwice(federation, temp, older, 'before')
    const now = await deployTwice(
      federation,
      temp,
      { title: 'this release', dir: join(repository, action) },
      'now',
    )
    const objects = Object.values(mix).reduce((sum, count) => sum + count)
    console.log(
      `${`${objects} objects are deployed to 3 regions, twice`.padEnd(49)}${['requests', 'CPU', 'peak', 'ended'].map(cell => cell.padStart(12)).join('')}`,
    )
    for (const { release, runs } of [before, now])
      for (const [at, run] of runs.entries())
        console.log(
          `  ${`${release.title}, run ${at + 1}`.padEnd(47)}${[
            String(total(run)),
            `${run.cpu.toFixed(1)} s`,
            `${run.megabytes.toFixed(0)} MB`,
            `${run.seconds.toFixed(1)} s`,
          ]
            .map(cell => cell.padStart(12))
            .join('')}  ${describe(run.requests)}`,
        )
    const [first, second] = now.runs
    const ratio = (at: 0 | 1) => now.runs[at].cpu / before.runs[at].cpu
    const told = [
      ['requests per object, first run', total(first) / objects, budgets.first],
      ['requests, second run', total(second), budgets.second],
      ['x the CPU, first run', ratio(0), budgets.cpu],
      ['x the CPU, second run', ratio(1), budgets.cpu],
      ['MB at most', Math.max(first.megabytes, second.megabytes), budgets.megabytes],
    ] as const
    for (const [what, value, budget] of told) {
      console.log(`  ${value.toFixed(2)} ${what} (budget ${budget})`)
      if (value > budget) process.exitCode = 1
    }
  } finally {
    await federation.close()
    rmSync(temp, { recursive: true, force: true })
  }
}

async function deployTwice(federation: LabFederation, temp: string, release: Release, app: string) {
  const workspace = mkdtempSync(join(temp, 'workspace-'))
  writeFileSync(join(workspace, 'app.yaml'), buildManifest())
  const run = () => deployOnce(federation, { temp, workspace, release, app })
  return { release, runs: [await run(), await run()] as const }
}

type Task = { temp: string; workspace: string; release: Release; app: string }

async function deployOnce({ lab }: LabFederation, { temp, workspace, release, app }: Task): Promise<Run> {
  const { universe } = lab
  const usage = join(temp, 'usage.json')
  const preload = join(temp, 'report-usage.mjs')
  writeFileSync(
    preload,
    `import { writeFileSync } from 'node:fs'
process.on('exit', () => writeFileSync(${JSON.stringify(usage)}, JSON.stringify(process.resourceUsage())))`,
  )
  const before = universe.world.requests.all().length
  const done = await runAction({
    dir: release.dir,
    workspace,
    inputs: {
      manifests: 'app.yaml',
      kubeconfig: await universe.kubeconfig(),
      domain: universe.domain,
      namespace: app,
      app,
    },
    env: { ...universe.env, NODE_OPTIONS: `--import=${pathToFileURL(preload)}` },
  })
  if (done.exitCode !== 0) throw new Error(`${release.title} does not deploy:\n${done.stdout}`)
  const own = universe.world.requests
    .all()
    .slice(before)
    .filter(({ client }) => client === 'deploy-federated-app')
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(usage, 'utf8'))
  return {
    requests: countBy(own.map(({ operation }) => operation.split(' ')[0] ?? '')),
    cpu: (userCPUTime + systemCPUTime) / 1e6,
    megabytes: maxRSS / 1024,
    seconds: done.seconds,
  }
}

/** Objects as apps have them: alike, but of other names, keys, images and values. */
function buildManifest(): string {
  const make = {
    ConfigMap: (at: number) => configMap(`settings-${at}`, `value-${at}`),
    Secret: (at: number) => `
apiVersion: v1
kind: Secret
metadata: {name: keys-${at}}
stringData: {password-${at % 5}: example-value-${at}}
`,
    ServiceAccount: (at: number) => `
apiVersion: v1
kind: ServiceAccount
metadata: {name: account-${at}}
`,
    Service: (at: number) => service(`web-${at}`, 'ClusterIP'),
    Deployment: (at: number) => deployment(`web-${at}`, 3, `web:${at}`),
  }
  return Object.entries(mix)
    .flatMap(([kind, count]) => Array.from({ length: count }, (_, at) => make[kind as keyof typeof make](at)))
    .join('---')
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

const total = ({ requests }: Run) => Object.values(requests).reduce((sum, count) => sum + count, 0)

const describe = (requests: Record<string, number>) =>
  Object.entries(requests)
    .map(([verb, count]) => `${count} ${verb}`)
    .join(', ')
