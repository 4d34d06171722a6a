import { AsyncLocalStorage } from 'node:async_hooks'
import type { Agent } from 'node:http'

/** What a call of a tool has instead of a process of its own, where it runs in the one that simulates the world. */
export type Caller = {
  env: Readonly<Record<string, string | undefined>>
  /** Its connections. */
  agent: Agent
  /** Those over TLS or through a proxy, by both. */
  others: Map<string, Agent>
  /** False once nobody waits for it any more: it sends nothing then, and learns nothing. */
  alive: boolean
}

export const callers = new AsyncLocalStorage<Caller>()
