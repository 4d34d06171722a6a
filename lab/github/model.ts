/** Who acts on GitHub; `Bot` for `github-actions[bot]` and its like. */
export type Account = { readonly login: string; readonly id: number; readonly type: 'User' | 'Bot' }

/** Whom a job's own token speaks as. */
export const actionsBot = 'github-actions[bot]'

export type Role = 'admin' | 'maintain' | 'write' | 'triage' | 'read'

export type Pull = {
  readonly number: number
  readonly id: number
  readonly author: string
  /** The branch's name, and the repository that it is in: another one for a fork. */
  readonly branch: string
  readonly headRepository: string
  title: string
  body: string
  head: string
  state: 'open' | 'closed'
  merged: boolean
  draft: boolean
  locked: boolean
  labels: string[]
  /** Null while GitHub has not found out yet. */
  mergeable: boolean | null
  createdAt: number
  updatedAt: number
  closedAt: number | null
}

export type Comment = {
  readonly id: number
  readonly number: number
  readonly author: string
  body: string
  readonly createdAt: number
  updatedAt: number
}

const deploymentStates = [
  'error',
  'failure',
  'inactive',
  'in_progress',
  'queued',
  'pending',
  'success',
] as const
export type DeploymentState = (typeof deploymentStates)[number]

export type DeploymentStatus = {
  readonly id: number
  readonly state: DeploymentState
  readonly description: string
  readonly environment: string
  readonly environmentUrl: string
  readonly logUrl: string
  readonly author: string
  readonly createdAt: number
}

export type Deployment = {
  readonly id: number
  readonly sha: string
  readonly ref: string
  readonly task: string
  readonly environment: string
  readonly description: string
  readonly payload: unknown
  readonly transient: boolean
  readonly production: boolean
  readonly author: string
  readonly createdAt: number
  /** The oldest first. */
  readonly statuses: DeploymentStatus[]
}

export type Environment = { readonly id: number; readonly name: string; readonly createdAt: number }

/** One push to a branch, as the repository's activity tells it. */
export type Activity = {
  readonly id: number
  readonly ref: string
  readonly before: string
  readonly after: string
  readonly type: 'push' | 'force_push' | 'branch_creation' | 'branch_deletion'
  readonly actor: string
  readonly at: number
}

/** What a repository holds. */
export type Holdings = {
  /** URL of the server whose pages are about it: github.com, or an Enterprise Server. */
  readonly server: string
  readonly id: number
  /** `owner/name` */
  readonly name: string
  readonly roles: Map<string, Role>
  readonly branches: Map<string, string>
  readonly pulls: Pull[]
  comments: Comment[]
  readonly reactions: { comment: number; content: string; author: string }[]
  readonly deployments: Deployment[]
  environments: Environment[]
  readonly activity: Activity[]
}

/** What a token may do, as in a workflow's `permissions`. */
export type Permissions = Readonly<Record<string, 'read' | 'write' | 'none'>>

export type Token = {
  readonly repository: string
  readonly permissions: Permissions
  readonly author: string
}

/** What GitHub starts workflows for. `ref` and `sha` become GITHUB_REF and GITHUB_SHA of the run. */
export type GithubEvent = {
  readonly name: 'pull_request' | 'pull_request_target' | 'issue_comment'
  readonly repository: string
  readonly repositoryId: number
  readonly actor: string
  readonly ref: string
  readonly sha: string
  readonly payload: Readonly<Record<string, unknown>>
  /**
   * A run for a fork gets a token that can only read, whatever it asks for, and neither identity token nor secrets. One for
   * Dependabot gets what it asks for, but no secrets.
   */
  readonly rights: 'full' | 'no-secrets' | 'fork'
}
