import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { UserError } from '../errors.ts'
import type { ProxyServer } from './proxies.ts'

/** Node speaks to proxies by itself since 24.5; before that it would go around them without a word. */
const leastNode = [24, 5] as const
const most = { keepAlive: true, maxSockets: 50 }

export type Agents = { readonly http: HttpAgent; readonly https: HttpsAgent }

const made = new Map<string, Agents>()

/**
 * The agents whose connections go through a proxy, or straight where there is none, whatever Node itself is told by its
 * variables. All requests of a process share them.
 */
export function agentsFor(proxy?: ProxyServer): Agents {
  const url = proxy?.url ?? ''
  const agents = made.get(url) ?? makeAgents(proxy)
  made.set(url, agents)
  return agents
}

function makeAgents(proxy: ProxyServer | undefined): Agents {
  const options = { ...most, ...proxyOptions(proxy) }
  let http: HttpAgent | undefined
  let https: HttpsAgent | undefined
  return {
    get http() {
      http ??= new HttpAgent(options)
      return http
    },
    // Node's TLS takes 25 ms to load.
    get https() {
      https ??= new HttpsAgent(options)
      return https
    },
  }
}

/** What an agent is made with whose connections go through a proxy; throws a UserError where this Node cannot. */
export function proxyOptions(proxy: ProxyServer | undefined): { proxyEnv?: NodeJS.ProcessEnv } {
  if (proxy === undefined) return {}
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < leastNode[0] || (major === leastNode[0] && minor < leastNode[1])) {
    throw new UserError(`${proxy.named} names a proxy, to which Node ${process.versions.node} cannot speak`, {
      fix: `Update the runner to one that brings Node ${leastNode.join('.')} or later.`,
    })
  }
  return { proxyEnv: { http_proxy: proxy.url, https_proxy: proxy.url } }
}
