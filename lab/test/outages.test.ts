import { rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type ActionRun, byWorldClock, runAction } from '@meridian/lab-runner'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const endpoints = '[{"region":"us-east-1","hostname":"a-1.us-east-1.elb.amazonaws.com"}]'

/** A world in which a minute takes a second, for those who live by its clock. */
async function open(): Promise<Universe> {
  const universe = await startUniverse({ scale: 60, dates: 'scaled' })
  onTestFinished(universe.close)
  return universe
}

/** Makes a record; a change takes about a minute to be everywhere, which is asked for until it is. */
function makeRecord(universe: Universe, env: Record<string, string> = {}): Promise<ActionRun> {
  const { domain, world } = universe
  return runAction({
    dir: join(root, 'actions/latency-dns'),
    entry: 'src/main.ts',
    inputs: { domain, record: 'shop', endpoints, verify: 'false', timeout: '30m' },
    env: { ...universe.env, ...byWorldClock(world, join(universe.directory, 'no-dns')), ...env },
  })
}

/** The front door behind a door that can be shut: then its port refuses connections. */
async function openRelay(url: string) {
  const { port, hostname } = new URL(url)
  const sockets = new Set<Socket>()
  const server = createServer(near => {
    const far = connect(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy()).on('close', () => to.destroy())
      from.pipe(to)
    }
  })
  const listen = (at: number) => new Promise<void>(resolve => server.listen(at, '127.0.0.1', resolve))
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  const shut = () => {
    server.close()
    drop()
  }
  await listen(0)
  const own = (server.address() as AddressInfo).port
  onTestFinished(shut)
  return { url: `http://127.0.0.1:${own}`, drop, shut, reopen: () => listen(own) }
}

/** Does something when the change has been asked for the first time. */
function whenAsked({ world }: Universe, task: () => void): void {
  world.faults.requests.plan({ nth: 1, operation: 'GetChange', client: 'latency-dns', onStrike: task })
}

const said = ({ exitCode, annotations }: ActionRun) => [exitCode, annotations.map(({ message }) => message)]

test('servers that refuse connections for four minutes are waited for', async () => {
  const universe = await open()
  const relay = await openRelay(universe.url)
  whenAsked(universe, () => {
    relay.shut()
    universe.world.clock.after(240, relay.reopen)
  })
  const run = await makeRecord(universe, { AWS_ENDPOINT_URL: relay.url })
  expect(said(run)).toEqual([0, []])
  // As long as it was by the clock of the world, which it took for its own.
  expect(run.stdout).toMatch(/ECONNREFUSED \S+ \(3m/)
})

test('servers that refuse connections for good are told after five minutes', async () => {
  const universe = await open()
  const relay = await openRelay(universe.url)
  whenAsked(universe, relay.shut)
  const [exitCode, messages] = said(await makeRecord(universe, { AWS_ENDPOINT_URL: relay.url }))
  expect(exitCode).toBe(1)
  expect(messages).toEqual([expect.stringMatching(/could not be reached.*ECONNREFUSED.*\nCheck the network/)])
})

test('a service that throttles everything for four minutes is waited for', async () => {
  const universe = await open()
  const { faults, clock } = universe.world
  const plan = { failure: 'throttle', nth: 1, times: Number.POSITIVE_INFINITY } as const
  let over = false
  whenAsked(universe, () => {
    clock.after(240, () => {
      over = true
    })
  })
  faults.requests.plan({ ...plan, operation: 'GetChange', concerns: () => !over })
  const run = await makeRecord(universe)
  expect(said(run)).toEqual([0, []])
  expect(run.stdout).toMatch(/after 2[4-9]\d(\.\d)? s/)
})

test('names that nobody resolves for four minutes are waited for', async () => {
  const universe = await open()
  const relay = await openRelay(universe.url)
  const file = join(universe.directory, 'no-dns')
  whenAsked(universe, () => {
    writeFileSync(file, '')
    relay.drop()
    universe.world.clock.after(240, () => rmSync(file))
  })
  const byName = relay.url.replace('127.0.0.1', 'localhost')
  const run = await makeRecord(universe, { AWS_ENDPOINT_URL: byName })
  expect(said(run)).toEqual([0, []])
  expect(run.stdout).toMatch(/EAI_AGAIN localhost \(3m/)
})
