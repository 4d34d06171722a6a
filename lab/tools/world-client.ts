import { sendRequest } from './send-request.ts'

/** The tool's line to the world it lives in: what stands for the clouds' machines and the passing of time. */
export type WorldClient = {
  ask<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer<T>>
  /** The forward proxy through which the world's names resolve; none where that is everybody's own affair. */
  proxy(): Promise<string | undefined>
  /** Waits for as long as the world needs for these milliseconds of its own time. */
  wait(milliseconds: number): Promise<void>
  /**
   * Milliseconds of world time that this tool has waited. Its own computing does not count: in a fast world
   * that would use up every deadline.
   */
  waited(): number
  /**
   * Tells the world that something begins which takes it so many milliseconds. What the tool computes meanwhile is part of them:
   * the answer resolves once a share of them has passed.
   */
  begin(what: string, place: string, milliseconds: number): Promise<(share: number) => Promise<void>>
}

export type Answer<T> = { status: number; body: T; message: string }

// Real milliseconds: in a world that passes very fast, waiting must not become a storm of requests.
const shortestWait = 10

/** Connects to a front door by its URL; nothing is sent until something is asked. */
export function createWorldClient(url: string, userAgent: string): WorldClient {
  let waited = 0
  let scale: Promise<number> | undefined

  async function ask<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await sendRequest(new URL(path, url), {
      method,
      headers: { 'user-agent': userAgent, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    // A world that broke answers plain text; it belongs into the tool's own error message.
    const json = response.headers.get('content-type')?.includes('json') && text !== ''
    const parsed = json ? JSON.parse(text) : undefined
    return { status: response.status, body: parsed, message: parsed?.message ?? text }
  }
  const learnScale = () =>
    (scale ??= ask<{ scale: number }>('GET', '/_world/clock').then(({ body }) => body.scale))

  return {
    ask,
    proxy: async () => (await ask<{ url?: string }>('GET', '/_world/proxy')).body.url,
    wait: async milliseconds => {
      const real = Math.max(shortestWait, milliseconds / (await learnScale()))
      waited += milliseconds
      await new Promise(resolve => setTimeout(resolve, real))
    },
    waited: () => waited,
    begin: async (what, place, milliseconds) => {
      const real = milliseconds / (await learnScale())
      await ask('POST', '/_world/delays', { what, place, seconds: milliseconds / 1000 })
      const begun = performance.now()
      return async share => {
        const left = begun + real * share - performance.now()
        if (left > 0) await new Promise(resolve => setTimeout(resolve, left))
      }
    },
  }
}
