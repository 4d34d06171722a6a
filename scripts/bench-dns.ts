import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  ChangeResourceRecordSetsCommand,
  GetHostedZoneCommand,
  type ResourceRecordSetRegion,
  Route53Client,
  waitUntilResourceRecordSetsChanged,
} from '@aws-sdk/client-route-53'
import { brokenAnswers, publishedRecords, type Targets } from '@meridian/lab-route53'
import { runAction } from '@meridian/lab-runner'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { repository } from './action-files.ts'
import { openSlowDoor, roundTripMilliseconds } from './slow-door.ts'
import { verdict } from './verdict.ts'

const action = join(repository, 'actions/latency-dns')
const regions: ResourceRecordSetRegion[] = ['ap-northeast-1', 'eu-west-1', 'us-east-1']
const record = 'hugo-fed'

/** Where a name leads before and after its load balancers are replaced. */
const targetsOf = (age: 'old' | 'new'): Targets =>
  Object.fromEntries(regions.map(region => [region, `${age}-1.${region}.example.net`]))
const endpointsOf = (age: 'old' | 'new') => JSON.stringify(targetsOf(age))

/**
 * Measures one task, moving a live name to three new load balancers, done in each way in a world of its own, all at
 * once and in real time.
 */
export async function benchDns(): Promise<void> {
  const [idle, ...rows] = await Promise.all([
    runIdle(),
    moveName('three calls, each waited for', byHand('each')),
    moveName('three calls, then three waits', byHand('last')),
    moveName('latency-dns', byAction({ verify: 'false' })),
    moveName('latency-dns, verified in 25 cities', byAction({})),
  ])
  const line = (first: string, ...cells: string[]) =>
    console.log(`${first.padEnd(49)}${cells.map(cell => cell.padStart(12)).join('')}`)
  const title = `a live name moves in ${regions.length} regions, ${roundTripMilliseconds} ms a request`
  line(title, 'requests', 'all answer', 'mixed', 'ended')
  for (const { way, requests, answered, mixed, ended } of rows)
    line(`  ${way}`, String(requests), seconds(answered), seconds(mixed), seconds(ended))
  verdict('requests of latency-dns, waiting and verified in 25 cities', rows.at(-1)?.requests ?? 0, 12, '')
  console.log(
    `a run with nothing to do, verified in ${idle.cities} cities: ${idle.requests} requests, ${idle.throttled} of them throttled; ${idle.refused} of ${idle.asked} requests of a bystander, one a second, refused; ${seconds(idle.ended)}`,
  )
}

type Way = (universe: Universe, env: Record<string, string>) => Promise<void>

async function moveName(way: string, move: Way) {
  const universe = await startUniverse({ scale: 1 })
  const door = await openSlowDoor(universe.url)
  const env = { ...universe.env, AWS_ENDPOINT_URL: door.url }
  try {
    await byAction({ endpoints: endpointsOf('old'), verify: 'false', wait: 'false' })(universe, env)
    const { clock, requests } = universe.world
    const [began, before] = [clock.elapsed(), requests.all().length]
    const answered = untilAnswered(universe).then(() => clock.elapsed() - began)
    await move(universe, env)
    const ended = clock.elapsed() - began
    const count = requests.all().length - before
    const states = universe.aws.route53.answersOf(`${record}.${universe.domain}`)
    const broken = brokenAnswers(states, [targetsOf('old'), targetsOf('new')], clock.elapsed())
    const mixed = broken.reduce((sum, state) => sum + state.seconds, 0)
    return { way, requests: count, answered: await answered, mixed, ended }
  } finally {
    door.close()
    await universe.close()
  }
}

/** What the lab does: one template filled in per region and sent by itself, and the SDK's own waiter. */
function byHand(wait: 'each' | 'last'): Way {
  return async ({ zone, domain, aws }, env) => {
    const client = new Route53Client({
      region: 'us-east-1',
      credentials: aws.credentials,
      ...(env.AWS_ENDPOINT_URL && { endpoint: env.AWS_ENDPOINT_URL }),
    })
    const change = async (region: ResourceRecordSetRegion) => {
      const ResourceRecordSet = {
        Name: `${record}.${domain}`,
        Type: 'CNAME' as const,
        Region: region,
        SetIdentifier: region,
        TTL: 60,
        ResourceRecords: [{ Value: targetsOf('new')[region] }],
      }
      const Changes = [{ Action: 'UPSERT' as const, ResourceRecordSet }]
      const answer = await client.send(
        new ChangeResourceRecordSetsCommand({ HostedZoneId: zone.id, ChangeBatch: { Changes } }),
      )
      return answer.ChangeInfo?.Id
    }
    const settle = (Id: string | undefined) =>
      waitUntilResourceRecordSetsChanged({ client, maxWaitTime: 300 }, { Id })
    const ids: (string | undefined)[] = []
    for (const region of regions) {
      const id = await change(region)
      if (wait === 'each') await settle(id)
      else ids.push(id)
    }
    await Promise.all(ids.map(settle))
    client.destroy()
  }
}

function byAction(inputs: Record<string, string>): Way {
  return async ({ domain, nameServer }, env) => {
    const given = { domain, record, endpoints: endpointsOf('new'), 'name-servers': nameServer, ...inputs }
    const done = await runAction({ dir: action, inputs: given, env })
    if (done.exitCode !== 0) throw new Error(done.stdout)
  }
}

/** What the default verification costs a run with nothing to do, and whoever shares the account's quota with it. */
async function runIdle() {
  const universe = await startUniverse({ scale: 1 })
  const { domain, world, nameServer, env, aws, zone, url } = universe
  const inputs = { domain, record, endpoints: endpointsOf('old') }
  try {
    await byAction({ endpoints: endpointsOf('old'), verify: 'false', wait: 'false' })(universe, env)
    await sleep(31_000)
    const client = new Route53Client({
      region: 'us-east-1',
      credentials: aws.credentials,
      endpoint: url,
      maxAttempts: 1,
    })
    const before = world.requests.all().length
    const bystander = { asked: 0, refused: 0, ends: false }
    const asking = (async () => {
      while (!bystander.ends) {
        bystander.asked += 1
        await client.send(new GetHostedZoneCommand({ Id: zone.id })).catch(() => (bystander.refused += 1))
        await sleep(1_000)
      }
    })()
    const began = world.clock.elapsed()
    const done = await runAction({ dir: action, inputs: { ...inputs, 'name-servers': nameServer }, env })
    const ended = world.clock.elapsed() - began
    bystander.ends = true
    await asking
    client.destroy()
    const asked = world.requests
      .all()
      .slice(before)
      .filter(({ service }) => service === 'route53')
    return {
      cities: JSON.parse(done.outputs.verification ?? '[]').length,
      requests: asked.length - bystander.asked,
      throttled: asked.filter(({ error }) => error === 'Throttling').length - bystander.refused,
      ...bystander,
      ended,
    }
  } finally {
    await universe.close()
  }
}

async function untilAnswered({ zone, domain, world }: Universe): Promise<void> {
  const wanted = Object.values(targetsOf('new')).sort().join()
  const answered = () =>
    publishedRecords(zone, world.clock.elapsed())
      .at(`${record}.${domain}.`)
      .map(({ values }) => values[0])
      .sort()
      .join()
  while (answered() !== wanted) await sleep(50)
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`
}
