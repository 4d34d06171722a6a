import { join } from 'node:path'
import { runAction } from '@meridian/lab-runner'
import { startUniverse } from '@meridian/lab-universe'
import { repository } from './action-files.ts'
import { verdict } from './verdict.ts'

const action = join(repository, 'actions/latency-dns')
const regions = ['ap-northeast-1', 'eu-west-1', 'us-east-1']
const endpoints = JSON.stringify(Object.fromEntries(regions.map(region => [region, `${region}.example.net`])))
const record = 'hugo-fed'
/** What Route 53 takes of an account in a second. */
const quota = 5
const targets = { time: 1.1, throttled: 25, requests: 550 }

/**
 * Measures environments that apply at once in one zone, each in a process of its own that shares nothing with the others,
 * in real time: how much of the account's quota they use, and how often they are refused for it.
 */
export async function benchCrowd(environments = 100): Promise<void> {
  const { seconds, asked, throttled, busy } = await applyAtOnce(environments)
  const needed = asked - throttled - busy
  console.log(
    `${environments} processes apply at once: ${asked} requests in ${seconds.toFixed(1)} s from the first, ${throttled} throttled, ${busy} refused by the busy zone`,
  )
  verdict("time / the quota's for the requests that were needed", seconds / (needed / quota), targets.time)
  verdict('of the requests throttled', (throttled / asked) * 100, targets.throttled, '%')
  verdict('requests in all', asked, targets.requests, '')
}

async function applyAtOnce(environments: number) {
  const { domain, env, world, zone, close } = await startUniverse({ scale: 1 })
  const { record: note } = world.requests
  const times: number[] = []
  world.requests.record = request => {
    if (request.service === 'route53') times.push(world.clock.elapsed())
    note(request)
  }
  try {
    const runs = await Promise.all(
      Array.from({ length: environments }, (_, at) => {
        const inputs = { domain, record, environment: `pr-${at}`, endpoints, verify: 'false', wait: 'false' }
        return runAction({ dir: action, inputs, env })
      }),
    )
    const failed = runs.find(({ exitCode }) => exitCode !== 0)
    if (failed) throw new Error(failed.stdout)
    const missing = runs.findIndex(
      (_, at) => zone.records.at(`${record}.pr-${at}.${domain}.`).length !== regions.length,
    )
    if (missing >= 0) throw new Error(`pr-${missing} has not converged`)
    const asked = world.requests.all().filter(({ service }) => service === 'route53')
    const refusedFor = (code: string) => asked.filter(({ error }) => error === code).length
    return {
      seconds: (times.at(-1) ?? 0) - (times[0] ?? 0),
      asked: asked.length,
      throttled: refusedFor('Throttling'),
      busy: refusedFor('PriorRequestNotComplete'),
    }
  } finally {
    await close()
  }
}

if (import.meta.main) await benchCrowd(Number(process.argv[2] ?? 100))
