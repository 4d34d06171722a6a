import type { Repository } from './repositories.ts'
import type { Trigger } from './run-context.ts'

export type RunFacts = {
  repository: Repository
  workspace: string
  temp: string
  trigger: Trigger
  workflow: string
  /** `owner/name/.github/workflows/x.yml@ref` */
  workflowRef?: string
  job: string
  runId: string
  eventPath?: string
}

/** A commit that never existed: what runs here is the working tree. */
export const noCommit = '0'.repeat(40)

/** The GITHUB_* and RUNNER_* variables that every step sees. */
export function githubVariables(facts: RunFacts): Record<string, string> {
  const { repository, trigger } = facts
  const [owner = ''] = repository.slug.split('/')
  const { ref = 'refs/heads/main', actor = owner } = trigger
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: actor,
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_BASE_REF: trigger.baseRef ?? '',
    GITHUB_EVENT_NAME: trigger.event,
    GITHUB_EVENT_PATH: facts.eventPath ?? '',
    GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
    GITHUB_HEAD_REF: trigger.headRef ?? '',
    GITHUB_JOB: facts.job,
    GITHUB_REF: ref,
    GITHUB_REF_NAME: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    GITHUB_REF_TYPE: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_REPOSITORY: repository.slug,
    GITHUB_REPOSITORY_ID: repository.id,
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_REPOSITORY_OWNER_ID: repository.ownerId,
    GITHUB_RUN_ATTEMPT: String(trigger.attempt ?? 1),
    GITHUB_RUN_ID: facts.runId,
    GITHUB_RUN_NUMBER: facts.runId,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: trigger.sha ?? noCommit,
    GITHUB_TRIGGERING_ACTOR: actor,
    GITHUB_WORKFLOW: facts.workflow,
    GITHUB_WORKFLOW_REF: facts.workflowRef ?? '',
    GITHUB_WORKSPACE: facts.workspace,
    RUNNER_ARCH: process.arch === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_ENVIRONMENT: 'self-hosted',
    RUNNER_NAME: 'lab',
    RUNNER_OS: process.platform === 'darwin' ? 'macOS' : 'Linux',
    RUNNER_TEMP: facts.temp,
    RUNNER_TOOL_CACHE: `${facts.temp}/_tool`,
  }
}
