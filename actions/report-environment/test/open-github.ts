import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { GithubEvent, GithubRepository, NewPull, Permissions } from '@meridian/lab-github'
import { inputVariables, readActionFile } from '@meridian/lab-runner/action-file'
import type { Universe } from '@meridian/lab-universe'
import { type RecordedJob, testJob } from '@meridian/runner/testing'
import { readInputs } from '../src/inputs.ts'
import { run } from '../src/run.ts'

const action = await readActionFile(fileURLToPath(new URL('..', import.meta.url)))

export const usual: Permissions = { contents: 'read', deployments: 'write', 'pull-requests': 'write' }

type Ended = { readonly job: RecordedJob; readonly error: string | undefined }

export type Shop = {
  readonly repository: GithubRepository
  /** The newest event that people have caused. */
  event(): GithubEvent
  /** Runs the action for an event, by default the newest. */
  act(
    inputs: Record<string, string>,
    more?: { event?: GithubEvent; permissions?: Permissions; author?: string; env?: Record<string, string> },
  ): Promise<Ended>
  /** State of each deployment, the oldest first; '' before its first status. */
  deployments(): string[]
}

let count = 0

/** A repository with one pull request, and the action in the hands of its workflows. */
export function openShop(universe: Universe, pull: NewPull = {}): Shop {
  count += 1
  const name = `acme/shop-${count}`
  const { github } = universe
  const repository = github.addRepository(name, 7000 + count)
  const events: GithubEvent[] = []
  github.onEvent(event => void (event.repository === name && events.push(event)))
  repository.openPull(pull)
  const newest = (): GithubEvent => {
    const event = events.at(-1)
    if (event === undefined) throw new Error('nothing has happened yet')
    return event
  }
  return {
    repository,
    event: newest,
    async act(inputs, { event = newest(), permissions = usual, author, env = {} } = {}) {
      const path = join(await mkdtemp(join(tmpdir(), 'meridian-event-')), 'event.json')
      await writeFile(path, JSON.stringify(event.payload))
      const plain = testJob()
      const job = testJob({
        action: 'report-environment',
        userAgent: 'meridian-report-environment/0.1.0',
        deadline: Date.now() + 60_000,
        env: {
          GITHUB_API_URL: universe.githubApi,
          GITHUB_EVENT_NAME: event.name,
          GITHUB_EVENT_PATH: path,
          ...env,
        },
        run: {
          ...plain.run,
          repository: name,
          repositoryId: String(7000 + count),
          url: `https://github.com/${name}/actions/runs/1`,
        },
      })
      const token = github.addToken(name, permissions, author)
      const given = { domain: universe.domain, 'github-token': token, ...inputs }
      const error = await run(readInputs(inputVariables(action, given).env), job).then(
        () => undefined,
        describe,
      )
      return { job, error }
    },
    deployments: () => repository.holdings.deployments.map(({ statuses }) => statuses.at(-1)?.state ?? ''),
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'fix' in error ? `${error.message}\n${error.fix}` : error.message
}
