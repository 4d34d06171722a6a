import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { repository } from '../action-files.ts'

/** A token that a job of a workflow asks for, as far as AWS looks at it. */
export type JobToken = { job: string; event: string; subject: string }
export type Caller = { owner: string; ownerId: string; repository: string; repositoryId: string }
/** Whether the repository's subjects have the numbers of owner and repository in them, as new ones do. */
export type SubjectForm = 'names' | 'ids'

type Workflow = {
  on: Record<string, unknown> | string
  jobs: Record<string, { environment?: string | { name: string }; permissions?: Record<string, string> }>
}

/** Every token that the jobs of a workflow file ask for, by the events that start it; GitHub docs, "OIDC reference". */
export function tokensOf(path: string, caller: Caller, form: SubjectForm): JobToken[] {
  const { on, jobs } = parse(readFileSync(join(repository, path), 'utf8')) as Workflow
  const events = typeof on === 'string' ? [on] : Object.keys(on)
  const asking = Object.entries(jobs).filter(([, job]) => job.permissions?.['id-token'] === 'write')
  return asking.flatMap(([job, { environment }]) =>
    events.map(event => {
      const name = typeof environment === 'object' ? environment.name : environment
      return { job, event, subject: subjectOf(caller, form, { event, environment: name }) }
    }),
  )
}

/** The `sub` of a job; what runs on a branch runs on main. */
export function subjectOf(
  caller: Caller,
  form: SubjectForm,
  job: { event: string; environment?: string | undefined; branch?: string },
): string {
  const { owner, ownerId, repository: name, repositoryId } = caller
  const place = form === 'ids' ? `${owner}@${ownerId}/${name}@${repositoryId}` : `${owner}/${name}`
  if (job.environment !== undefined) return `repo:${place}:environment:${job.environment}`
  if (job.event === 'pull_request') return `repo:${place}:pull_request`
  return `repo:${place}:ref:refs/heads/${job.branch ?? 'main'}`
}
