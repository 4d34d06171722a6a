import { claimKey, makeMark, writeClaim } from '@meridian/identity'
import { runAction } from '@meridian/lab-runner'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { repository } from './action-files.ts'
import { verdict } from './verdict.ts'

const [few, many] = [3, 50]
const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1']

/** What a run took, and what the action itself asked for; the requests of the tools that it starts are theirs. */
type Run = { readonly seconds: number; readonly requests: number }
type Measured = { readonly first: Run; readonly second: Run }

/** Prints what it takes to federate few and many clusters as create-cluster leaves them, and to run again over what stands. */
export async function benchFederate(): Promise<void> {
  const small = await federate(few)
  const large = await federate(many)
  console.log(`federate, ${few} and ${many} members: seconds, requests of the action`)
  for (const [title, run] of [
    ['joins', 'first'],
    ['runs again', 'second'],
  ] as const) {
    const cells = [small, large].map(
      ({ [run]: { seconds, requests } }) => `${seconds.toFixed(1)} s, ${requests}`,
    )
    console.log(`  ${title.padEnd(62)}${cells.map(cell => cell.padStart(14)).join('')}`)
  }
  const each = (run: keyof Measured) => (large[run].requests - small[run].requests) / (many - few)
  verdict(`${many} members / ${few}, time`, large.first.seconds / small.first.seconds, 2)
  verdict('each further member joined, requests', each('first'), 12, '')
  verdict('each further member on a second run, requests', each('second'), 3, '')
}

async function federate(count: number): Promise<Measured> {
  const universe = await startUniverse({ scale: 20, policies: {} })
  try {
    const clusters = Array.from({ length: count }, (_, at) => {
      const name = `c${at}`
      return { name, region: regions[at % regions.length] ?? '', fullName: `${name}.${universe.domain}` }
    })
    await Promise.all(
      clusters.map(({ fullName, region }) => universe.addCluster(fullName, { zone: `${region}a` })),
    )
    for (const { fullName, region } of clusters) addClaim(universe, fullName, region)
    const run = () => runOnce(universe, { domain: universe.domain, clusters: JSON.stringify(clusters) })
    return { first: await run(), second: await run() }
  } finally {
    await universe.close()
  }
}

/** The cluster is the repository's that actions run for here. */
function addClaim({ aws, domain }: Universe, cluster: string, region: string): void {
  const owner = { domain, repository: { id: '700000001', name: 'here' }, account: '111122223333' }
  const claim = writeClaim(makeMark({ ...owner, cluster, region }))
  aws.s3.putObject(`${cluster}-state`, claimKey({ path: '' }, cluster), claim)
}

async function runOnce({ world, env }: Universe, inputs: Record<string, string>): Promise<Run> {
  const before = world.requests.all().length
  const began = performance.now()
  const { exitCode, stdout } = await runAction({ dir: `${repository}/actions/federate`, inputs, env })
  const seconds = (performance.now() - began) / 1000
  if (exitCode !== 0) throw new Error(stdout)
  const asked = world.requests.all().slice(before)
  return { seconds, requests: asked.filter(({ client }) => client === 'federate').length }
}

if (import.meta.main) await benchFederate()
