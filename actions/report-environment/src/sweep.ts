import { type Job, markdown } from '@meridian/runner'
import { insist, type Octokit, type Repo } from './connect.ts'
import type { Inputs } from './inputs.ts'
import { readLatestDeployments, type SeenDeployment } from './read-github.ts'
import { report } from './report.ts'

/** What a reaper has seen of an environment. */
export type Reaped = NonNullable<Inputs['environments']>[number]

/** Who is told that an environment is no more, and why. */
export type Departure = { readonly environment: string; readonly number: number; readonly reason: string }

type Where = { readonly repository: string; readonly domain: string }

const oursOf = (reaped: readonly Reaped[], { repository, domain }: Where): Reaped[] =>
  reaped.filter(each => each.domain === domain && each.repository.toLowerCase() === repository.toLowerCase())

/** What is being built has no claim yet; a run may take three hours. */
const graceMilliseconds = 3 * 3_600_000

/**
 * The environments of this repository that are no more although GitHub says otherwise: those that the reaper has taken, and
 * those that it has not found at all. Pure; `now` in milliseconds since the epoch.
 */
export function planSweep(
  reaped: readonly Reaped[],
  deployments: readonly SeenDeployment[],
  where: Where & { readonly prefix: string },
  now: number,
): Departure[] {
  const { prefix } = where
  const ours = oursOf(reaped, where)
  const taken = ours.flatMap(({ gone, environment, pullRequest, reason }) =>
    gone && pullRequest !== undefined ? [{ environment, number: Number(pullRequest), reason }] : [],
  )
  const known = new Set(ours.map(({ environment }) => environment))
  const latest = new Map(deployments.toReversed().map(each => [each.environment, each]))
  const lost = [...latest.values()].flatMap(({ environment, at, state }) => {
    const number = environment.startsWith(prefix) ? environment.slice(prefix.length) : ''
    const isOver = state !== 'inactive' && now - at > graceMilliseconds
    return isOver && !known.has(environment) && /^\d{1,9}$/.test(number)
      ? [{ environment, number: Number(number), reason: 'nothing of it was found any more' }]
      : []
  })
  return [...taken, ...lost]
}

/** Tells pull requests of environments that a reaper took, with a warning for each: their own runs should have done it. */
export async function sweep(job: Job, octokit: Octokit, inputs: Inputs, repo: Repo): Promise<void> {
  const { domain, prefix, environments = [] } = inputs
  const where = { repository: job.run.repository, domain, prefix }
  const known = new Set(oursOf(environments, where).map(({ environment }) => environment))
  const deployments = inputs.deployment
    ? await insist(job, 'listing deployments', () => readLatestDeployments(octokit, repo, known))
    : []
  const departures = planSweep(environments, deployments, where, Date.now())
  for (const { environment, number, reason } of departures) {
    job.log.warning(
      `The reaper had to take ${environment} of #${number}, since ${reason}: see why the pull request's own run did not.`,
    )
    const about = { repo, number, environment, domain, root: `${environment}.${domain}`, commit: undefined }
    const why = `a sweep has removed it, since ${reason}`
    await report(job, octokit, inputs, { ...about, state: 'gone', reason: why, wanted: undefined })
  }
  job.output('gone', departures)
  job.output('changed', departures.length > 0)
  const list = departures.map(({ environment, number }) => `${markdown.code(environment)} (#${number})`)
  job.summary(
    markdown.report(
      list.length === 0
        ? { outcome: 'same', title: 'Sweep', line: 'No environment had to be swept.' }
        : { outcome: 'attention', title: 'Sweep', line: `Swept: ${list.join(', ')}` },
    ),
  )
}
