import { type Job, UserError } from '@meridian/runner'
import { connectGithub, insist, repoOf } from './connect.ts'
import { type Event, readEvent } from './event.ts'
import type { Inputs } from './inputs.ts'
import { look } from './look.ts'
import { readPull } from './read-github.ts'
import { report } from './report.ts'
import { sweep } from './sweep.ts'

/** The environment of a pull request: what is to be done about it, or what is true of it. */
export async function run(inputs: Inputs, job: Job): Promise<void> {
  const event = await readEvent(job.env)
  refuseTarget(event, inputs)
  const octokit = connectGithub(job, inputs.githubToken)
  const repo = repoOf(job)
  if (inputs.mode === 'sweep') return sweep(job, octokit, inputs, repo)
  const number = numberOf(event, inputs)
  const environment = inputs.environment ?? nameOf(inputs.prefix, number)
  const root = `${environment}.${inputs.domain}`
  job.output('pull-request', number)
  job.output('environment', environment)
  if (inputs.mode === 'look') return look(job, octokit, inputs, event, { repo, number, root, environment })
  const commit =
    inputs.commit ??
    event.head ??
    (await insist(job, `looking at #${number}`, () => readPull(octokit, repo, number))).head
  const { state = 'refused', reason, domain } = inputs
  const about = { repo, number, environment, domain, root, state, reason, commit, wanted: inputs.wanted }
  job.output('commit', commit)
  job.output('reason', reason ?? '')
  job.output('changed', await report(job, octokit, inputs, about))
}

/**
 * A run for pull_request_target has the base's rights and secrets, also for a fork: whoever builds what such a pull request
 * holds gives both away. Telling it that there is no environment is harmless.
 */
function refuseTarget({ name }: Event, { mode, state }: Inputs): void {
  if (name !== 'pull_request_target' || (mode === 'report' && state === 'refused')) return
  throw new UserError(
    'pull_request_target gives runs for forks the rights and secrets of this repository: no environment is made for it',
    { fix: 'Start the workflow by `on: pull_request`. Forks get no environment then, and no credentials.' },
  )
}

function numberOf(event: Event, { pullRequest }: Inputs): number {
  if (pullRequest !== undefined && event.number !== undefined && pullRequest !== event.number)
    throw new UserError(`input pull-request: this run is for #${event.number}, and not for #${pullRequest}`, {
      fix: 'Leave pull-request out where the event is of a pull request. Nothing has been changed.',
      input: 'pull-request',
    })
  const number = event.number ?? pullRequest
  if (number !== undefined) return number
  throw new UserError(`the event ${event.name || 'of this run'} is of no pull request`, {
    fix: 'Start the workflow by pull_request, by a comment on one, or set pull-request.',
    input: 'pull-request',
  })
}

function nameOf(prefix: string, number: number): string {
  const name = `${prefix}${number}`
  if (name.length <= 20) return name
  throw new UserError(`the environment ${name} would have a name of more than 20 characters`, {
    fix: 'Set a shorter prefix.',
    input: 'prefix',
  })
}
