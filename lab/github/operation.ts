import type { Holdings } from './model.ts'
import type { GithubRequest, OperationName } from './read-request.ts'

/** A request that may be carried out, and what it is about. */
export type Served = GithubRequest & {
  readonly holdings: Holdings
  readonly url: string
  /** Who asks. */
  readonly author: string
  now(): number
  nextId(): number
}

/** What is answered: an object, a list that is told page by page, or nothing. Throws GithubError. */
export type Operations = Partial<Record<OperationName, (served: Served) => object | undefined>>
