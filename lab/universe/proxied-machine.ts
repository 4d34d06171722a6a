import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { installTools, serveCalls } from '@meridian/lab-tools'
import type { ProxyOptions, World } from '@meridian/lab-world'
import { openProxiedWay, type ProxiedWay } from './proxied-way.ts'

/** A machine beside those that reach everything: what runs on it gets out by its proxy alone. */
export type ProxiedMachine = Pick<ProxiedWay, 'proxy' | 'close'> & { env: Record<string, string> }

/** The machines of one world that are behind proxies. */
export function createProxiedMachines(
  world: World,
  door: { port: number },
  directory: string,
  env: Readonly<Record<string, string>>,
  mayRunHere: () => boolean,
) {
  const machines: ProxiedMachine[] = []
  return {
    async add(options: ProxyOptions = {}): Promise<ProxiedMachine> {
      const own = join(directory, `proxied-${machines.length}`)
      const machine = await openProxiedMachine({ world, door, directory: own, env, mayRunHere }, options)
      machines.push(machine)
      return machine
    },
    close: () => Promise.all(machines.map(machine => machine.close())),
  }
}

type Surroundings = {
  world: World
  door: { port: number }
  directory: string
  env: Readonly<Record<string, string>>
  /** Whether calls of kops may run in this process, which holds them to the proxy as `only-way.mjs` does others. */
  mayRunHere(): boolean
}

const guard = new URL('only-way.mjs', import.meta.url)

/**
 * Opens a proxy, and lays over an environment what makes its processes go through it, those of the stand-in tools too. Whoever
 * of them connects to anybody else meets an error of the network.
 */
async function openProxiedMachine(
  { world, door, directory, env, mayRunHere }: Surroundings,
  options: ProxyOptions,
): Promise<ProxiedMachine> {
  const ports = join(directory, 'own-ports')
  await mkdir(ports, { recursive: true })
  const {
    proxy,
    awsUrl,
    githubUrl,
    env: variables,
    close,
  } = await openProxiedWay(world, door, directory, options)
  const guarded = {
    MERIDIAN_ONLY_WAY: new URL(proxy.url).host,
    MERIDIAN_OWN_PORTS: ports,
    NODE_OPTIONS: `--import=${guard.href}`,
  }
  const calls = await serveCalls(awsUrl, mayRunHere, guarded)
  const bin = await installTools(directory, { frontDoorUrl: awsUrl, env: guarded, calls })
  const [, ...path] = (env.PATH ?? '').split(':')
  return {
    env: {
      ...env,
      ...variables,
      ...guarded,
      PATH: [bin, ...path].join(':'),
      ...(env.GITHUB_API_URL && { GITHUB_API_URL: `${githubUrl}${new URL(env.GITHUB_API_URL).pathname}` }),
    },
    proxy,
    async close() {
      calls?.close()
      await close()
    },
  }
}
