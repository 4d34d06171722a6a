import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runAction } from '@meridian/lab-runner'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { configMap, deployment, service } from '../actions/deploy-federated-app/test/lab-federation.ts'
import { repository } from './action-files.ts'
import { baselineCommit, checkOutBaseline } from './check-out-baseline.ts'
import { openSlowDoor, roundTripMilliseconds } from './slow-door.ts'

const regions = { usa: 'us-east-1', eur: 'eu-west-1', jpn: 'ap-northeast-1' }
const pairs = 3
const environment = 'pr-1'
const actions = ['create-cluster', 'federate', 'deploy-federated-app', 'latency-dns', 'teardown'] as const
const paths = actions.map(action => `actions/${action}`)
const clusters = JSON.stringify(Object.entries(regions).map(([name, region]) => ({ name, region })))
const manifest = [configMap('settings', 'blue'), deployment('web', 3, 'web:1'), service('web')].join('---')

type Release = { readonly title: string; readonly directory: string }
type Ended = { readonly seconds: number; readonly requests: number }

/**
 * Measures the whole teardown of one environment of three clusters, its federation, app and name, by this release's
 * bundles and by those of an older one: several pairs one after the other, each run in a world of its own that is five times
 * as fast as ours. The older ones come out of git, or are the checkout in a given directory.
 */
export async function benchTeardown(given?: string): Promise<void> {
  const temp = mkdtempSync(join(tmpdir(), 'meridian-bench-'))
  try {
    const releases: readonly Release[] = [
      { title: `version 0.1 (${baselineCommit})`, directory: given ?? checkOutBaseline(temp, paths) },
      { title: 'this release', directory: repository },
    ]
    const ended = new Map<Release, Ended[]>(releases.map(release => [release, []]))
    for (let pair = 0; pair < pairs; pair++)
      for (const [release, runs] of ended) runs.push(await tearDownWith(release, temp))
    const title = `an environment of ${Object.keys(regions).length} clusters is torn down, ${roundTripMilliseconds} ms a request`
    console.log(`${title.padEnd(64)}${'requests'.padStart(12)}${'ended'.padStart(12)}`)
    const times = [...ended].map(([{ title }, runs]) => {
      const requests = median(runs.map(run => run.requests))
      const seconds = median(runs.map(run => run.seconds))
      const cells = [String(requests), `${seconds?.toFixed(1)} s`]
      console.log(`  ${title.padEnd(62)}${cells.map(cell => cell.padStart(12)).join('')}`)
      return seconds ?? Number.NaN
    })
    const [before = Number.NaN, now = Number.NaN] = times
    console.log(
      `  ${(now / before).toFixed(2)} x the time of version 0.1, medians of ${pairs} pairs (budget 1)`,
    )
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

async function tearDownWith(release: Release, temp: string): Promise<Ended> {
  // What each needs of permissions is another matter.
  const universe = await startUniverse({ scale: 5, policies: {} })
  const door = await openSlowDoor(universe.url)
  try {
    await makeEnvironment(universe, release, temp)
    const { requests, inventory } = universe.world
    const before = requests.all().length
    const { seconds, stdout } = await perform(
      universe,
      release,
      'teardown',
      { clusters },
      { AWS_ENDPOINT_URL: door.url },
    )
    const left = inventory.list().length
    if (left > 0) throw new Error(`${release.title} leaves ${left} things:\n${stdout}`)
    return { seconds, requests: requests.all().length - before }
  } finally {
    door.close()
    await universe.close()
  }
}

/** By the release's own actions, in less of our time than it takes of the world's. */
async function makeEnvironment(universe: Universe, release: Release, temp: string): Promise<void> {
  const { clock } = universe.world
  const hurry = setInterval(() => clock.skip(10), 100)
  try {
    const make = ([name, region]: [string, string]) =>
      perform(universe, release, 'create-cluster', { name, zones: `${region}a`, wait: 'false' })
    await Promise.all(Object.entries(regions).map(make))
    await perform(universe, release, 'federate', { clusters })
    const workspace = mkdtempSync(join(temp, 'workspace-'))
    writeFileSync(join(workspace, 'app.yaml'), manifest)
    const app = { clusters, manifests: 'app.yaml', namespace: 'web' }
    const { outputs } = await perform(universe, release, 'deploy-federated-app', app, {}, workspace)
    const endpoints = String(outputs.endpoints)
    await perform(universe, release, 'latency-dns', { record: 'web', endpoints, verify: 'false' })
  } finally {
    clearInterval(hurry)
  }
}

async function perform(
  universe: Universe,
  { title, directory }: Release,
  action: (typeof actions)[number],
  inputs: Record<string, string>,
  env: Record<string, string> = {},
  workspace = directory,
) {
  const done = await runAction({
    dir: join(directory, 'actions', action),
    inputs: { domain: universe.domain, environment, ...inputs },
    env: { ...universe.env, ...env },
    workspace,
  })
  if (done.exitCode !== 0) throw new Error(`${action} of ${title} fails:\n${done.stdout}`)
  return done
}
