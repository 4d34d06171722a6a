import { join } from 'node:path'
import { runWorkflow, type WorkflowRun } from '@meridian/lab-runner'
import { labBoundary, type Universe } from '@meridian/lab-universe'

const root = join(import.meta.dirname, '../../..')

type Options = Pick<Parameters<typeof runWorkflow>[0], 'signal' | 'onEvent'>
export type RunWorkflow = (
  workflow: string,
  inputs: Record<string, string>,
  options?: Options,
) => Promise<WorkflowRun>

/** Runs workflows of this repository by dispatch, as attempts of one run: these need not wait for a dead one's lease. */
export function createRunner(universe: Universe): RunWorkflow {
  let attempt = 0
  return (workflow, inputs, options = {}) => {
    attempt += 1
    return runWorkflow({
      file: join(root, `.github/workflows/${workflow}.yml`),
      workspace: root,
      inputs: { domain: universe.domain, ...inputs },
      vars: { MERIDIAN_BOUNDARY: labBoundary, MERIDIAN_NAME_SERVERS: universe.nameServer },
      env: universe.env,
      trigger: { event: 'workflow_dispatch', runId: '1', attempt },
      ...options,
    })
  }
}

/** The jobs that did not succeed, each with the last lines of its steps. */
export function complaints({ jobs }: WorkflowRun): string[] {
  const failed = jobs.filter(job => job.result !== 'success')
  return failed.map(
    job => `${job.name}: ${job.result}\n${job.steps.flatMap(step => step.log.slice(-20)).join('\n')}`,
  )
}
