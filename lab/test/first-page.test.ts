import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { documentedTrust } from '@meridian/lab-aws'
import type { GithubEvent, GithubRepository, NewPull, Permissions } from '@meridian/lab-github'
import { runWorkflow, type WorkflowRun } from '@meridian/lab-runner'
import { labBoundary, startUniverse, type Universe } from '@meridian/lab-universe'
import { repositorySlug } from '@meridian/lab-world'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, subjectOf } from '../../scripts/test/workflow-tokens.ts'
import { shopApp, writeFiles } from './pull-requests/shop.ts'

/** What a newcomer does in an empty repository with the first page, to the letter, and what goes wrong with it. */

const root = join(import.meta.dirname, '../..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const [, road = '', preview = ''] = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text = '']) => text,
)
const slug = repositorySlug()
const shop: Caller = { owner: 'acme', ownerId: '1001', repository: 'shop', repositoryId: '7007' }
const parameters = {
  Account: '111122223333',
  ...{
    Owner: shop.owner,
    OwnerId: shop.ownerId,
    Repository: shop.repository,
    RepositoryId: shop.repositoryId,
  },
  Branch: 'main',
}
const onBranch = documentedTrust('branch', parameters)
const onPullRequests = documentedTrust('pull-request', parameters)
const down = `
name: Down
on: workflow_dispatch
permissions: {}
jobs:
  down:
    permissions: { id-token: write }
    uses: ${slug}/.github/workflows/down.yml@main
    with:
      domain: k8s.example.com
`
let universe: Universe
let repository: GithubRepository
let directory = ''

beforeAll(async () => {
  universe = await startUniverse({ scale: 5_000 })
  directory = join(universe.directory, 'newcomer')
  repository = universe.github.addRepository('acme/shop', 7007)
  universe.aws.setTrust('meridian', onBranch)
  universe.aws.setTrust('meridian-pull-requests', {
    ...onPullRequests,
    Statement: [...onBranch.Statement, ...onPullRequests.Statement],
  })
  await writeFiles(directory, {
    'k8s/app.yaml': shopApp(3),
    '.github/workflows/road.yml': road,
    '.github/workflows/preview.yml': preview,
    '.github/workflows/down.yml': down,
  })
})
afterAll(() => universe.close())

/** Runs a workflow as GitHub does for a repository that has the variables of getting-started, and no key of AWS. */
async function run(workflow: string, event?: GithubEvent): Promise<WorkflowRun> {
  const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...keyless } = universe.env
  const sub = subjectOf(shop, 'ids', { event: event?.name ?? 'workflow_dispatch' })
  const isFork = event?.rights === 'fork'
  const limit = (permissions: Permissions): Permissions =>
    Object.fromEntries(Object.entries(permissions).map(([name, level]) => [name, isFork ? 'read' : level]))
  return runWorkflow({
    file: join(directory, `.github/workflows/${workflow}.yml`),
    workspace: directory,
    repository: { slug: 'acme/shop', id: shop.repositoryId, ownerId: shop.ownerId },
    repositories: { [slug]: root },
    commits: () => directory,
    ...(event && { trigger: { ...event, event: event.name } }),
    env: { ...keyless, GITHUB_API_URL: universe.githubApi },
    vars: {
      MERIDIAN_ROLE: 'arn:aws:iam::111122223333:role/meridian',
      MERIDIAN_BOUNDARY: labBoundary,
      MERIDIAN_NAME_SERVERS: universe.nameServer,
    },
    tokens: {
      ...(!isFork && { idToken: () => universe.idTokenOf({ sub, repository: 'acme/shop' }) }),
      githubToken: ({ permissions }) => universe.github.addToken('acme/shop', limit(permissions)),
    },
  })
}

/** The last event of what somebody does. */
function eventOf(deed: () => unknown): GithubEvent {
  const events: GithubEvent[] = []
  const stop = universe.github.onEvent(event => events.push(event))
  deed()
  stop()
  const event = events.at(-1)
  if (event === undefined) throw new Error('nothing has happened')
  return event
}

const open = (more: NewPull = {}) => eventOf(() => repository.openPull({ labels: ['preview'], ...more }))

/** Runs the workflow of the page with a fault in it. */
async function runWrong(wrong: string, event: GithubEvent): Promise<WorkflowRun> {
  await writeFile(join(directory, '.github/workflows/wrong.yml'), wrong)
  return run('wrong', event)
}

const problems = ({ jobs }: WorkflowRun) =>
  jobs.flatMap(({ steps }) => steps.flatMap(step => step.annotations.map(({ message }) => message)))
const said = (number: number) => repository.commentsOf(number).map(({ body }) => body.split('\n')[2])

test('the whole road gives three clusters, a federation and a name', async () => {
  const built = await run('road')
  expect([built.result, problems(built)]).toEqual(['success', []])
})

describe('on the federation that stands, a pull request', () => {
  test('with the label has an environment until it is closed', async () => {
    const opened = await run('preview', open())
    expect([opened.result, problems(opened)]).toEqual(['success', []])
    expect(said(1)).toEqual(['### ✅ <code>pr-1</code> is ready'])
    const closed = await run(
      'preview',
      eventOf(() => repository.close(1)),
    )
    expect([closed.result, problems(closed)]).toEqual(['success', []])
    expect(said(1)).toEqual(['### ⚪ <code>pr-1</code> is removed'])
  })

  test('with another label has none, and the run says which one it lacks', async () => {
    const { result, jobs } = await run('preview', open({ labels: ['previews'] }))
    expect([result, said(2)]).toEqual(['success', []])
    expect(jobs[0]?.steps[0]?.summary).toContain('the pull request does not have the label preview')
  })

  test('of a fork has none, and the run says what a maintainer can do', async () => {
    const opened = await run('preview', open({ from: 'mallory/shop' }))
    expect([opened.result, said(3)]).toEqual(['success', []])
    expect(problems(opened)).toEqual([
      expect.stringContaining('A maintainer who has read the change can push'),
    ])
  })

  const withoutRole = preview.replace(/ +role-to-assume:.*\n/, '')

  test('without a role of its own fails, since that of Up trusts no jobs of pull requests', async () => {
    const opened = await runWrong(withoutRole, open())
    expect([opened.result, said(4)]).toEqual(['failure', ['### ❌ <code>pr-4</code> could not be made']])
    expect(problems(opened)).toEqual([
      expect.stringMatching(/does not let this job assume \S+:role\/meridian\. .* \S+:pull_request/),
    ])
  })

  test('cannot run without a permission of the page, and GitHub says which', async () => {
    const less = preview.replace(', pull-requests: write', '')
    await expect(runWrong(less, open())).rejects.toThrow(
      "is requesting 'pull-requests: write', but is only allowed 'pull-requests: none'",
    )
  })
})

test('Down with the same domain ends all of it', async () => {
  const ended = await run('down')
  expect([ended.result, problems(ended), universe.world.inventory.list()]).toEqual(['success', [], []])
})
