import type { Job } from '@meridian/runner'
import type { Octokit, Repo } from './connect.ts'
import { describeWrite, type WantedStatus, type Write } from './plan.ts'
import { task } from './read-github.ts'

/** Where something is written, and what it is about. */
export type Target = {
  readonly repo: Repo
  readonly number: number
  readonly environment: string
  readonly domain: string
}

/** What was written, as far as a workflow can use it. */
export type Written = {
  readonly commentUrl?: string
  readonly author?: string
  readonly deploymentId?: number
}

/** Carries a plan out, one write after the other. */
export async function applyWrites(
  job: Job,
  octokit: Octokit,
  target: Target,
  writes: readonly Write[],
): Promise<Written> {
  let written: Written = {}
  for (const write of writes) {
    job.signal.throwIfAborted()
    job.log.info(`Now: ${describeWrite(write)}`)
    written = { ...written, ...(await applyWrite(job, octokit, target, write)) }
  }
  return written
}

async function applyWrite(job: Job, octokit: Octokit, target: Target, write: Write): Promise<Written> {
  const { repo, number } = target
  const { issues } = octokit.rest
  switch (write.kind) {
    case 'create-comment': {
      const { data } = await issues.createComment({ ...repo, issue_number: number, body: write.body })
      return { commentUrl: data.html_url, author: data.user?.login ?? '' }
    }
    case 'update-comment': {
      const { data } = await issues.updateComment({ ...repo, comment_id: write.id, body: write.body })
      return { commentUrl: data.html_url }
    }
    case 'delete-comment':
      await issues.deleteComment({ ...repo, comment_id: write.id })
      return {}
    case 'create-deployment':
      return createDeployment(job, octokit, target, write)
    case 'set-status':
      await setStatus(job, octokit, target, write)
      return {}
  }
}

/** Neither merges the base nor waits for checks: this run is one of them. */
async function createDeployment(
  job: Job,
  octokit: Octokit,
  target: Target,
  { sha, status }: { sha: string; status: WantedStatus },
): Promise<Written> {
  const { repo, environment, number, domain } = target
  const { data } = await octokit.rest.repos.createDeployment({
    ...repo,
    ref: sha,
    task,
    environment,
    description: `Environment of pull request ${number}`,
    payload: { pullRequest: number, domain },
    transient_environment: true,
    production_environment: false,
    auto_merge: false,
    required_contexts: [],
  })
  if (!('id' in data)) throw new Error(`GitHub made no deployment: ${data.message}`)
  await setStatus(job, octokit, target, { id: data.id, status })
  return { deploymentId: data.id }
}

async function setStatus(
  { run }: Job,
  octokit: Octokit,
  { repo }: Target,
  { id, status }: { id: number; status: WantedStatus },
): Promise<void> {
  const { state, description, url } = status
  await octokit.rest.repos.createDeploymentStatus({
    ...repo,
    deployment_id: id,
    ...{ state, description, environment_url: url, log_url: run.url, auto_inactive: false },
  })
}
