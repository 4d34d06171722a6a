import { basename } from 'node:path'
import type { WorkflowRequest } from '@meridian/lab-runner'
import { testJob } from '@meridian/runner/testing'
import { type ActionName, actions } from '../load-action.ts'

type Perform = NonNullable<WorkflowRequest['perform']>

/** Runs an action's sources in this process: a life of a pull request takes dozens of runs. */
export const performHere: Perform = async ({ directory, env, signal, onLine }) => {
  const action = basename(directory)
  const start = await actions[action as ActionName]()
  const { GITHUB_REPOSITORY: repository = '', GITHUB_RUN_ID: id = '', GITHUB_SERVER_URL: server } = env
  const annotations: { level: 'warning' | 'error'; message: string }[] = []
  const plain = testJob()
  const job = testJob({
    action,
    userAgent: `meridian-${action}/0.1.0`,
    env,
    signal,
    deadline: Date.now() + 600_000,
    run: {
      ...plain.run,
      url: `${server}/${repository}/actions/runs/${id}`,
      repository,
      repositoryId: env.GITHUB_REPOSITORY_ID ?? '',
      sha: env.GITHUB_SHA ?? '',
      workspace: env.GITHUB_WORKSPACE ?? '',
    },
    log: {
      info: onLine,
      debug: () => {},
      warning(message) {
        onLine(message)
        annotations.push({ level: 'warning', message })
      },
      group: (_title, work) => work(),
    },
  })
  const error = await start(env, job).then(
    () => undefined,
    (reason: Error) => reason,
  )
  if (error !== undefined) annotations.push({ level: 'error', message: describe(error) })
  const outputs = Object.entries(job.outputs).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ])
  return {
    ok: error === undefined,
    annotations,
    outputs: Object.fromEntries(outputs),
    summary: job.summaries.join(''),
  }
}

const describe = (error: Error) =>
  'fix' in error ? `${error.message}\n${error.fix}` : (error.stack ?? error.message)
