import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Route53Client } from '@aws-sdk/client-route-53'
import type { LongLivedKey } from '@meridian/lab-aws-protocol'
import { killGroup } from '@meridian/lab-runner'
import { findCommand } from '@meridian/lab-world/testing'

export type TargetName = 'lab' | 'moto' | 'ministack'
/** An implementation of AWS that a contract is held against; one account for all cases. */
export type Target = {
  endpoint: string
  credentials: LongLivedKey
  route53: Route53Client
  close(): Promise<void>
}

const patience = 30_000
const between = 100

/** Starts an implementation that is not the lab's on loopback; undefined where it is not installed. */
export async function openOther(name: Exclude<TargetName, 'lab'>): Promise<Target | undefined> {
  const port = await freePort()
  const server = await (name === 'moto' ? startMoto(port) : startMinistack(port))
  if (!server) return undefined
  const endpoint = `http://127.0.0.1:${port}`
  try {
    await answers(endpoint, server.process)
  } catch (error) {
    await server.stop()
    throw error
  }
  return { endpoint, credentials: anybody, route53: clientFor(endpoint, anybody), close: server.stop }
}

/** The others check no signature. */
const anybody = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'no-secret' }

/** A client that asks once. */
export function clientFor(endpoint: string, credentials: LongLivedKey): Route53Client {
  return new Route53Client({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 })
}

type Started = { process: ChildProcess; stop(): Promise<void> }

async function startMoto(port: number): Promise<Started | undefined> {
  const command = await findCommand('moto_server', process.env.MERIDIAN_MOTO_SERVER)
  if (!command) return undefined
  return start(command, ['-H', '127.0.0.1', '-p', String(port)], {})
}

/** `ministack` itself listens on every interface: its own web server is told to keep to loopback. */
async function startMinistack(port: number): Promise<Started | undefined> {
  const command = await findCommand('ministack', process.env.MERIDIAN_MINISTACK)
  if (!command) return undefined
  const server = join(dirname(command), 'hypercorn')
  return start(server, ['ministack.app:app', '--bind', `127.0.0.1:${port}`], { GATEWAY_PORT: String(port) })
}

async function start(command: string, args: string[], env: Record<string, string>): Promise<Started> {
  const home = await mkdtemp(join(tmpdir(), 'meridian-contract-'))
  const child = spawn(command, args, {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, ...env },
    stdio: 'ignore',
    // A group of its own: ministack's web server has workers, which outlive it.
    detached: true,
  })
  const ended = new Promise(resolve => {
    child.once('exit', resolve)
    child.once('error', resolve)
  })
  return {
    process: child,
    async stop() {
      if (child.pid !== undefined) killGroup(child.pid)
      await ended
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (const until = Date.now() + patience; Date.now() < until && server.exitCode === null; ) {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    )
    if (answered) return
    await new Promise(resolve => setTimeout(resolve, between))
  }
  throw new Error(`${server.spawnfile} did not answer on ${url}`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
