import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { claimKey, makeMark, writeClaim, writeTags } from '@meridian/identity'
import { documentedPolicies } from '@meridian/lab-aws'
import { runAction } from '@meridian/lab-runner'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { repository } from './action-files.ts'
import { writeBundle } from './bundle.ts'
import { baselineCommit, checkOutBaseline } from './check-out-baseline.ts'
import { openSlowDoor, roundTripMilliseconds } from './slow-door.ts'

const environments = 10
const regions = { usa: 'us-east-1', eur: 'eu-west-1', jpn: 'ap-northeast-1' }
const hour = 3_600_000
const owner = { id: '1001', name: 'o/r' }

type Release = {
  readonly title: string
  readonly dir: string
  readonly entry: string
  /** What the release's own create-cluster writes on a bucket and on a cluster's resources. */
  tagsOf(cluster: string, environment: string): Record<string, string>
  /** Whether it writes a claim beside the state. */
  readonly claims: boolean
}

/**
 * Measures the reaping of ten expired environments of three clusters each, by this release and by version 0.1, one run
 * after the other on the same machine, each in a world of its own that is five times as fast as ours. Version 0.1 comes
 * out of git, or is the checkout in a given directory.
 */
export async function benchReap(given?: string): Promise<void> {
  const temp = mkdtempSync(join(tmpdir(), 'meridian-bench-'))
  try {
    const releases = [
      baseline(given ?? checkOutBaseline(temp, ['actions/teardown', 'docs/iam'])),
      await current(temp),
    ] as const
    const title = `${environments} environments of ${Object.keys(regions).length} clusters are reaped, ${roundTripMilliseconds} ms a request`
    console.log(`${title.padEnd(64)}${'requests'.padStart(12)}${'ended'.padStart(12)}`)
    const [before, now] = [await reapWith(releases[0]), await reapWith(releases[1])]
    for (const { release, requests, seconds } of [before, now])
      console.log(
        `  ${release.title.padEnd(62)}${String(requests).padStart(12)}${`${seconds.toFixed(1)} s`.padStart(12)}`,
      )
    console.log(
      `  ${(now.seconds / before.seconds).toFixed(2)} x the time of ${before.release.title} (budget 0.35)`,
    )
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

/** Reaped one environment after the other, and took every bucket with its tag for its own. */
function baseline(directory: string): Release {
  return {
    title: `version 0.1 (${baselineCommit})`,
    dir: join(directory, 'actions/teardown'),
    entry: 'dist/index.js',
    claims: false,
    tagsOf: (_, environment) => ({
      'meridian:environment': environment,
      'meridian:owner': owner.name,
      'meridian:created-at': instant(-5),
      'meridian:expires-at': instant(-1),
    }),
  }
}

async function current(temp: string): Promise<Release> {
  const dir = join(temp, 'current')
  await writeBundle(join(repository, 'actions/teardown/src/main.ts'), dir)
  return {
    title: 'this release',
    dir: join(repository, 'actions/teardown'),
    entry: join(dir, 'index.js'),
    claims: true,
    tagsOf: (cluster, environment) => writeTags(markOf(cluster, environment)),
  }
}

const instant = (hours: number) => new Date(Date.now() + hours * hour).toISOString().replace(/\.\d+Z$/, 'Z')

function markOf(cluster: string, environment: string) {
  const domain = 'k8s.example.com'
  const birth = { createdAt: new Date(instant(-5)), expiresAt: new Date(instant(-1)) }
  return makeMark({ domain, environment, repository: owner, cluster }, birth)
}

async function reapWith(release: Release) {
  // Those of version 0.1 have no parameters to be filled in.
  const older = () => JSON.parse(readFileSync(join(release.dir, '../../docs/iam/teardown.json'), 'utf8'))
  const policies = { teardown: release.claims ? documentedPolicies().teardown : older() }
  const universe = await startUniverse({ scale: 5, policies })
  const door = await openSlowDoor(universe.url)
  try {
    const names = Array.from({ length: environments }, (_, at) => `pr-${at + 1}`)
    await Promise.all(names.map(name => makeEnvironment(universe, name, release)))
    const { requests } = universe.world
    const [began, before] = [performance.now(), requests.all().length]
    const inputs: Record<string, string> = { domain: universe.domain, mode: 'reap', 'max-clusters': '30' }
    const done = await runAction({
      dir: release.dir,
      entry: release.entry,
      inputs,
      env: {
        ...universe.env,
        AWS_ENDPOINT_URL: door.url,
        GITHUB_REPOSITORY: owner.name,
        GITHUB_REPOSITORY_ID: owner.id,
      },
    })
    const seconds = (performance.now() - began) / 1000
    const left = universe.world.inventory.list().length
    if (done.exitCode !== 0 || left > 0)
      throw new Error(`${release.title} leaves ${left} things:\n${done.stdout}`)
    return { release, requests: requests.all().length - before, seconds }
  } finally {
    door.close()
    await universe.close()
  }
}

async function makeEnvironment(universe: Universe, environment: string, release: Release): Promise<void> {
  const make = async ([alias, region]: [string, string]) => {
    const cluster = `${alias}.${environment}.${universe.domain}`
    const [bucket, tags] = [`${cluster}-state`, release.tagsOf(cluster, environment)]
    universe.aws.s3.addBucket(bucket, { region, versioned: true, tags })
    const labels = Object.entries(tags).map(([key, value]) => `${key}=${value}`)
    const flags = [
      `--name=${cluster}`,
      `--state=s3://${bucket}`,
      `--zones=${region}a`,
      `--cloud-labels=${labels}`,
    ]
    const rest = '--dns=none --node-count=1 --kubernetes-version=1.35.7 --yes'
    // Several that write one kubeconfig would wait for each other.
    const own = { KUBECONFIG: join(universe.directory, `${cluster}.kubeconfig`) }
    const made = await universe.kops(`create cluster ${flags.join(' ')} ${rest}`, own)
    if (made.exitCode !== 0) throw new Error(made.stderr)
    if (release.claims)
      universe.aws.s3.putObject(
        bucket,
        claimKey({ path: '' }, cluster),
        writeClaim(markOf(cluster, environment)),
      )
  }
  await Promise.all(Object.entries(regions).map(make))
}
