import { readFileSync } from 'node:fs'

export type RunFacts = {
  workspace: string
  temp: string
  event: string
  workflow: string
  job: string
  runId: string
  eventPath?: string
}

/** Reads `owner/name` from the `repository` of this repository's own package.json. */
export function repositorySlug(): string {
  const manifest: { repository?: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  const slug = /([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(manifest.repository ?? '')?.[1]
  if (slug === undefined) throw new Error('package.json: `repository` must name the repository on GitHub')
  return slug
}

/** The numbers by which GitHub knows a repository and its owner, whatever they are called. */
const ids = { repository: '700000001', owner: '70000001' }

/** A commit that never existed: what runs here is the working tree. */
const commit = '0'.repeat(40)

/** The GITHUB_* and RUNNER_* variables that every step sees. */
export function githubVariables(facts: RunFacts): Record<string, string> {
  const repository = repositorySlug()
  const [owner = ''] = repository.split('/')
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: owner,
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_NAME: facts.event,
    GITHUB_EVENT_PATH: facts.eventPath ?? '',
    GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
    GITHUB_JOB: facts.job,
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_ID: ids.repository,
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_REPOSITORY_OWNER_ID: ids.owner,
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: facts.runId,
    GITHUB_RUN_NUMBER: facts.runId,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: commit,
    GITHUB_TRIGGERING_ACTOR: owner,
    GITHUB_WORKFLOW: facts.workflow,
    GITHUB_WORKSPACE: facts.workspace,
    RUNNER_ARCH: process.arch === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_ENVIRONMENT: 'self-hosted',
    RUNNER_NAME: 'lab',
    RUNNER_OS: process.platform === 'darwin' ? 'macOS' : 'Linux',
    RUNNER_TEMP: facts.temp,
    RUNNER_TOOL_CACHE: `${facts.temp}/_tool`,
  }
}
