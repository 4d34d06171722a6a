import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { cleanEnvironment } from '../run-action.ts'
import type { RunEvent, WorkflowRun } from '../run-report.ts'
import { runWorkflow } from '../run-workflow.ts'

export type Run = WorkflowRun & { events: RunEvent[] }

type Options = {
  inputs?: Record<string, string>
  files?: Record<string, string>
  signal?: AbortSignal
  onEvent?(event: RunEvent): void
}

/** Runs the text of a workflow in a repository that holds it and the probe action. */
export async function run(workflow: string, options: Options = {}): Promise<Run> {
  const repository = await mkdtemp(join(tmpdir(), 'meridian-repository-'))
  onTestFinished(() => rm(repository, { recursive: true, force: true }))
  await cp(new URL('actions/probe', import.meta.url).pathname, join(repository, 'actions/probe'), {
    recursive: true,
  })
  const file = join(repository, '.github/workflows/test.yml')
  const files = { ...options.files, '.github/workflows/test.yml': workflow }
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(repository, path)), { recursive: true })
    await writeFile(join(repository, path), content)
  }
  const events: RunEvent[] = []
  const onEvent = (event: RunEvent): void => {
    events.push(event)
    options.onEvent?.(event)
  }
  const { inputs = {}, signal } = options
  const request = {
    file,
    workspace: repository,
    inputs,
    env: cleanEnvironment(),
    onEvent,
    ...(signal && { signal }),
  }
  return { ...(await runWorkflow(request)), events }
}

/** Results of all jobs by their names. */
export function results(run: WorkflowRun): Record<string, string> {
  return Object.fromEntries(run.jobs.map(job => [job.name, job.result]))
}
