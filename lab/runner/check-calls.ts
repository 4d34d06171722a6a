import { isFields } from '@meridian/lab-world/json'
import { describeExcess, type Permissions, permissionsOf } from './permissions.ts'
import { locate, locateWorkflow, parseUses, type Repositories, type Source } from './repositories.ts'
import { readWorkflow } from './workflow-file.ts'
import type { JobDefinition, Workflow } from './workflow-model.ts'

export type CallJob = JobDefinition & { kind: 'call' }

/** GitHub's limit for workflows that call workflows. */
const deepest = 10

/**
 * Looks through a workflow and all that it calls, before anything runs: throws where a file or repository is not there, or a
 * called job asks for more than its caller may give (actions/runner, PermissionsHelper.cs).
 */
export async function checkCalls(
  workflow: Workflow,
  at: { source: Source; permissions?: Permissions },
  repositories: Repositories,
  depth = 0,
): Promise<void> {
  if (depth > deepest) throw new Error(`${workflow.file}: workflows may call each other ${deepest} deep`)
  for (const job of workflow.jobs) {
    if (job.kind === 'steps') checkActions(job, repositories)
    else {
      const { file, source } = locateWorkflow(job.uses, at.source, repositories)
      const called = await readWorkflow(file)
      checkSecrets(callOf(called, job).secrets, job)
      const permissions = permissionsOf(job, workflow, at)
      checkGrants(called, job.uses, permissions)
      await checkCalls(called, { source, permissions }, repositories, depth + 1)
    }
  }
}

function checkActions(job: JobDefinition & { kind: 'steps' }, repositories: Repositories): void {
  for (const step of job.steps.flatMap(each => (each.kind === 'parallel' ? each.steps : [each]))) {
    const remote = step.kind === 'action' ? parseUses(step.uses) : undefined
    if (remote) locate(remote, repositories)
  }
}

function checkSecrets(declared: Readonly<Record<string, boolean>>, { secrets, uses }: CallJob): void {
  if (secrets === 'inherit') return
  const given = Object.keys(isFields(secrets) ? secrets : {})
  const unknown = given.filter(name => !(name in declared))
  const missing = Object.keys(declared).filter(name => declared[name] && !given.includes(name))
  const problems = [
    ...unknown.map(name => `Invalid secret, ${name} is not defined in the referenced workflow.`),
    ...missing.map(name => `Secret ${name} is required, but not provided while calling.`),
  ]
  if (problems.length > 0) throw new Error(`${uses}: ${problems.join(' ')}`)
}

function checkGrants(called: Workflow, uses: string, allowed: Permissions): void {
  const asking = [
    ['The workflow', called.permissions] as const,
    ...called.jobs.map(job => [`The nested job '${job.id}'`, job.permissions] as const),
  ]
  for (const [who, permissions = {}] of asking) {
    const excess = describeExcess(permissions, allowed)
    if (excess) throw new Error(`Error calling workflow '${uses}'. ${who} is ${excess}.`)
  }
}

/** The `workflow_call` of a workflow; throws where it has none. */
export function callOf(called: Workflow, job: CallJob): NonNullable<Workflow['call']> {
  if (!called.call) throw new Error(`${job.uses} has no workflow_call`)
  return called.call
}
