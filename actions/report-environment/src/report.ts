import { type Job, UserError } from '@meridian/runner'
import { applyWrites, type Target } from './apply.ts'
import { renderComment, renderSummary } from './comment.ts'
import { insist, isForbidden, type Octokit } from './connect.ts'
import type { Inputs, State } from './inputs.ts'
import { describeWrite, mayDelete, planReport } from './plan.ts'
import { readComments, readDeployments, readEnvironments, type SeenDeployment } from './read-github.ts'

export type Report = Target & {
  readonly root: string
  readonly state: State
  readonly reason: string | undefined
  readonly commit: string | undefined
  /** What somebody has asked for by a comment; undefined keeps what is noted. */
  readonly wanted: 'up' | 'down' | 'none' | undefined
}

/** Brings comment and deployment up to what is true, and says how they look now; whether anything had to be written. */
export async function report(job: Job, octokit: Octokit, inputs: Inputs, about: Report): Promise<boolean> {
  const { number, state } = about
  const what = `telling #${number} that ${about.environment} is ${state}`
  const { writes, deployments, summary } = await insist(job, what, async () => {
    const seen = await look(octokit, inputs, about)
    const known = seen.comments[0]?.marker
    const wanted = about.wanted === 'none' ? undefined : (about.wanted ?? known?.wanted)
    const marker = { ...about, wanted, commit: about.commit ?? known?.commit }
    const told = { ...inputs, ...about, run: job.run.url }
    const body = renderComment(marker, told)
    const deploying = inputs.deployment ? about.commit : undefined
    const writes = planReport({ state, body, commit: deploying, url: inputs.url ?? '' }, seen)
    if (inputs.dryRun) for (const write of writes) job.log.info(`Would ${describeWrite(write)}`)
    else await write(job, octokit, inputs, about, writes)
    const url = seen.comments[0]?.url
    if (url !== undefined) job.output('comment-url', url)
    return { writes, deployments: seen.deployments, summary: renderSummary(marker, told) }
  })
  job.summary(summary)
  if (writes.length === 0) job.log.info(`Nothing to write: #${number} says so already.`)
  if (state === 'gone' && inputs.deleteEnvironment && !inputs.dryRun)
    await deleteEnvironment(job, octokit, inputs, about, deployments)
  job.output('state', state)
  return writes.length > 0
}

async function look(
  octokit: Octokit,
  { commentAuthor: author, deployment }: Pick<Inputs, 'commentAuthor' | 'deployment'>,
  about: Report,
) {
  const { repo, number, root, environment } = about
  const comments = await readComments(octokit, repo, { number, root, author })
  const deployments = deployment ? await readDeployments(octokit, repo, environment) : []
  return { comments, deployments }
}

async function write(
  job: Job,
  octokit: Octokit,
  { commentAuthor }: Pick<Inputs, 'commentAuthor'>,
  about: Report,
  writes: Parameters<typeof applyWrites>[3],
): Promise<void> {
  const written = await applyWrites(job, octokit, about, writes)
  if (written.commentUrl !== undefined) job.output('comment-url', written.commentUrl)
  if (written.deploymentId !== undefined) job.output('deployment-id', written.deploymentId)
  if (written.author !== undefined && written.author !== commentAuthor)
    throw new UserError(`the comment was written as ${written.author}, and not as ${commentAuthor}`, {
      fix: `Set comment-author to ${written.author}: by it later runs know which comments are theirs.`,
    })
}

/** Deletes GitHub's environment object where that is allowed; else says how many are left, and which. */
async function deleteEnvironment(
  job: Job,
  octokit: Octokit,
  inputs: Pick<Inputs, 'commentAuthor' | 'prefix'>,
  { repo, environment }: Report,
  deployments: readonly SeenDeployment[],
): Promise<void> {
  const what = `deleting GitHub's environment ${environment}`
  try {
    const environments = await insist(job, what, () => readEnvironments(octokit, repo))
    if (mayDelete(environment, environments, deployments, inputs.commentAuthor)) {
      await insist(job, what, () =>
        octokit.rest.repos.deleteAnEnvironment({ ...repo, environment_name: environment }),
      )
      job.log.info(`GitHub's environment ${environment} is deleted.`)
      return
    }
    if (environments.some(({ name }) => name === environment))
      job.log.info(
        `GitHub's environment ${environment} stays: others deploy to it, or have made rules for it.`,
      )
  } catch (error) {
    const cause = error instanceof UserError ? error.cause : error
    if (!isForbidden(cause)) throw error
    await tellLeft(job, octokit, inputs, repo)
  }
}

async function tellLeft(
  job: Job,
  octokit: Octokit,
  { prefix }: Pick<Inputs, 'prefix'>,
  repo: Report['repo'],
): Promise<void> {
  const all = await readEnvironments(octokit, repo).catch(() => undefined)
  if (all === undefined) {
    job.log.info("GitHub's environment objects were not looked at: that takes `actions: read`.")
    return
  }
  const left = all
    .map(({ name }) => name)
    .filter(name => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
  job.output('left-environments', left)
  job.log.info(
    `${left.length} of GitHub's environment objects are left, since a workflow's own token may not delete them: ${left.join(', ')}. They cost nothing. A github-token with administration: write deletes them, or somebody by Settings, Environments.`,
  )
}
