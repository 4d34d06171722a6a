import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { cleanEnvironment } from '../run-action.ts'
import type { RunEvent, WorkflowRun } from '../run-report.ts'
import { runWorkflow, type WorkflowRequest } from '../run-workflow.ts'

export type Run = WorkflowRun & { events: RunEvent[] }

type Options = Partial<Omit<WorkflowRequest, 'file' | 'workspace' | 'repositories' | 'onEvent'>> & {
  files?: Record<string, string>
  /** Files of other repositories, by their names. */
  others?: Record<string, Record<string, string>>
  onEvent?(event: RunEvent): void
}

/** Runs the text of a workflow in a repository that holds it and the probe action. */
export async function run(workflow: string, options: Options = {}): Promise<Run> {
  const { files = {}, others = {}, onEvent, ...request } = options
  const repository = await repositoryOf({ ...files, '.github/workflows/test.yml': workflow })
  const places = Object.entries(others).map(
    async ([name, content]) => [name, await repositoryOf(content)] as const,
  )
  const events: RunEvent[] = []
  const ended = await runWorkflow({
    file: join(repository, '.github/workflows/test.yml'),
    workspace: repository,
    repositories: Object.fromEntries(await Promise.all(places)),
    env: cleanEnvironment(),
    ...request,
    onEvent(event) {
      events.push(event)
      onEvent?.(event)
    },
  })
  return { ...ended, events }
}

/** A directory with the files and the probe action, for one test. */
async function repositoryOf(files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'meridian-repository-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const probe = new URL('actions/probe', import.meta.url).pathname
  await cp(probe, join(directory, 'actions/probe'), { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), content)
  }
  return directory
}

/** Results of all jobs by their names. */
export function results(run: WorkflowRun): Record<string, string> {
  return Object.fromEntries(run.jobs.map(job => [job.name, job.result]))
}
