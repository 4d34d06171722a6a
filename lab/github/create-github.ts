import type { IncomingMessage, ServerResponse } from 'node:http'
import type { World } from '@meridian/lab-world'
import { handleRequest, type State } from './handle-request.ts'
import { actionsBot, type GithubEvent, type Holdings, type Permissions, type Token } from './model.ts'
import { createRateLimits, noLimits } from './rate-limits.ts'
import { createRepository, type GithubRepository } from './repository.ts'

/** Where the API lies on a server that has other things too, as on GitHub Enterprise Server. */
export const githubRoot = '/api/v3'

export type Github = {
  /** Adds a repository; its people get a branch `main`, and the one called ann may write. */
  addRepository(name: string, id: number): GithubRepository
  repository(name: string): GithubRepository
  repositories(): readonly GithubRepository[]
  /** A token of a job, which speaks as `github-actions[bot]` unless told. */
  addToken(repository: string, permissions: Permissions, author?: string): string
  /** Tells of what starts workflows; returns how to stop that. */
  onEvent(listener: (event: GithubEvent) => void): () => void
  /** Lets seconds pass on GitHub: its times are told in whole ones. */
  pass(seconds: number): void
  /** What clients asked for that had been told to wait, and did not. */
  askedTooSoon(): readonly string[]
  handler(request: IncomingMessage, response: ServerResponse): Promise<void>
}

const githubCom = 'https://github.com'

/**
 * GitHub as far as environments of pull requests need it: its REST API, and the people who use it. At any other URL than
 * github.com's it is an Enterprise Server, which has no rate limits unless its administrators set them.
 */
export function createGithub(world: World, server = githubCom): Github {
  const isCloud = server === githubCom
  const listeners = new Set<(event: GithubEvent) => void>()
  const repositories = new Map<string, GithubRepository>()
  let count = 1_000
  let later = 0
  const state: State = {
    world,
    root: githubRoot,
    repositories: new Map<string, Holdings>(),
    tokens: new Map<string, Token>(),
    limits: isCloud
      ? createRateLimits({
          seconds: () => world.clock.elapsed() + later / 1000,
          now: () => state.now(),
          scale: world.clock.scale,
        })
      : noLimits,
    inFlight: 0,
    now: () => world.clock.now() + later,
    nextId: () => ++count,
  }
  return {
    addRepository(name, id) {
      const holdings = newHoldings(name, id, server)
      const tell = (event: GithubEvent) => {
        for (const listener of listeners) listener(event)
      }
      const { now, nextId } = state
      const repository = createRepository({
        holdings,
        now,
        nextId,
        tell,
        url: isCloud ? 'https://api.github.com' : `${server}${githubRoot}`,
      })
      state.repositories.set(name.toLowerCase(), holdings)
      repositories.set(name, repository)
      return repository
    },
    repository(name) {
      const found = repositories.get(name)
      if (!found) throw new Error(`GitHub has no repository ${name}`)
      return found
    },
    repositories: () => [...repositories.values()],
    addToken(repository, permissions, author = actionsBot) {
      const token = `ghs_${crypto.randomUUID().replaceAll('-', '')}`
      state.tokens.set(token, { repository, permissions, author })
      world.secrets.add(`token of ${repository}`, token)
      return token
    },
    onEvent(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    pass(seconds) {
      later += seconds * 1000
    },
    askedTooSoon: () => state.limits.askedTooSoon(),
    handler: (request, response) => handleRequest(state, request, response),
  }
}

function newHoldings(name: string, id: number, server: string): Holdings {
  return {
    server,
    id,
    name,
    roles: new Map([
      [name.split('/')[0] ?? '', 'admin'],
      ['ann', 'write'],
    ]),
    branches: new Map([['main', 'b'.repeat(40)]]),
    pulls: [],
    comments: [],
    reactions: [],
    deployments: [],
    environments: [],
    activity: [],
  }
}
