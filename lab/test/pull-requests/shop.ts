import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { GithubEvent, GithubRepository, Permissions } from '@meridian/lab-github'
import {
  createConcurrency,
  type Repository,
  runWorkflow,
  type WorkflowRequest,
  type WorkflowRun,
} from '@meridian/lab-runner'
import { labDomain as domain, labBoundary, type Universe } from '@meridian/lab-universe'
import { repositorySlug } from '@meridian/lab-world'
import { performHere } from './perform-here.ts'

const root = join(import.meta.dirname, '../../..')
const slug = repositorySlug()

export const shop: Repository = { slug: 'acme/shop', id: '1001', ownerId: '77' }

/** What the second repository holds: a caller of the workflow, a reaper, and an app of the commit that is deployed. */
const filesOf = (clusters: string, given: Record<string, string>): Record<string, string> => ({
  '.github/workflows/preview.yml': `
name: Preview
on:
  pull_request:
    types: [opened, reopened, synchronize, labeled, unlabeled, closed, converted_to_draft, ready_for_review]
  issue_comment:
    types: [created]
permissions: {}
jobs:
  environment:
    uses: ${slug}/.github/workflows/pull-request.yml@main
    permissions:
      actions: read
      contents: read
      deployments: write
      id-token: write
      pull-requests: write
    secrets:
      github-token: \${{ secrets.ADMINISTRATOR }}
    with:
      domain: ${domain}
      clusters: '${clusters}'
      manifests: k8s
      images: web=ghcr.io/acme/web:{0}
${Object.entries(given)
  .map(([name, value]) => `      ${name}: ${value}`)
  .join('\n')}
`,
  '.github/workflows/reap.yml': `
name: Reap
on:
  schedule:
    - cron: "17 * * * *"
permissions: {}
jobs:
  reap:
    runs-on: ubuntu-24.04
    permissions:
      actions: read
      deployments: write
      id-token: write
      pull-requests: write
    steps:
      - uses: ${slug}/actions/teardown@main
        id: reap
        with:
          mode: reap
          domain: ${domain}
          name-servers: \${{ vars.MERIDIAN_NAME_SERVERS }}
      - uses: ${slug}/actions/report-environment@main
        if: always() && steps.reap.outputs.environments != ''
        with:
          mode: sweep
          domain: ${domain}
          environments: \${{ steps.reap.outputs.environments }}
`,
  'k8s/app.yaml': shopApp(2),
})

/** A web app, of image `web`. */
export const shopApp = (replicas: number): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web, ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
`

/** Writes the repository; `given` are inputs of the workflow. */
export async function writeShop(
  directory: string,
  clusters: string,
  given: Record<string, string> = {},
): Promise<void> {
  await writeFiles(directory, filesOf(clusters, given))
}

/** Writes texts by their paths in a directory. */
export async function writeFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), text)
  }
}

export type Workflows = {
  readonly repository: GithubRepository
  readonly runs: readonly WorkflowRun[]
  /** Resolves when every run that people's deeds have started is over. */
  atRest(): Promise<void>
  /** The hourly run. */
  reap(): Promise<WorkflowRun>
  stop(): void
}

type Options = {
  clusters: string
  env: Record<string, string>
  /** Inputs of the workflow. */
  with?: Record<string, string>
  perform?: WorkflowRequest['perform'] | 'processes'
  /** Secrets of the repository: `ADMINISTRATOR` is a token that its workflow hands on. */
  secrets?: Record<string, string>
  /** `acme/shop` by default. */
  caller?: Repository
}

/** A second repository whose workflows run for what people do, all at the same time, as GitHub would run them. */
export async function openShop(universe: Universe, options: Options): Promise<Workflows> {
  const { clusters, perform = performHere, caller = shop } = options
  const directory = join(universe.directory, caller.slug)
  await writeShop(directory, clusters, options.with)
  const repository = universe.github.addRepository(caller.slug, Number(caller.id))
  const concurrency = createConcurrency()
  const [runs, going]: [WorkflowRun[], Set<Promise<unknown>>] = [[], new Set()]
  const start = (workflow: string, trigger: WorkflowRequest['trigger'], rights: GithubEvent['rights']) => {
    const run = runWorkflow({
      file: join(directory, `.github/workflows/${workflow}.yml`),
      workspace: directory,
      repository: caller,
      repositories: { [slug]: root },
      commits: commit =>
        repository.holdings.activity.some(push => push.after === commit) ? directory : undefined,
      ...(trigger && { trigger }),
      env: { ...universe.env, GITHUB_API_URL: universe.githubApi, ...options.env },
      secrets: options.secrets ?? {},
      vars: { MERIDIAN_NAME_SERVERS: universe.nameServer, MERIDIAN_BOUNDARY: labBoundary },
      tokens: {
        githubToken: ({ permissions }) => universe.github.addToken(caller.slug, limit(permissions, rights)),
      },
      concurrency,
      ...(perform !== 'processes' && { perform }),
    }).then(ended => {
      runs.push(ended)
      return ended
    })
    const work = run.finally(() => going.delete(work)).catch(() => {})
    going.add(work)
    return run
  }
  const stop = universe.github.onEvent(event => {
    const { name, payload, ref, sha, actor, rights } = event
    if (event.repository !== caller.slug) return
    // A workflow that does not fit is a fault of the test, and is thrown by the next `atRest`.
    void start('preview', { event: name, payload, ref, sha, actor }, rights).catch(error =>
      failures.push(error),
    )
  })
  const failures: unknown[] = []
  return {
    repository,
    runs,
    stop,
    reap: () => start('reap', { event: 'schedule' }, 'full'),
    async atRest() {
      while (going.size > 0) await Promise.all(going)
      if (failures.length > 0) throw failures[0]
    },
  }
}

/** What runs for forks may do, whatever their workflow asks for. */
function limit(permissions: Permissions, rights: GithubEvent['rights']): Permissions {
  if (rights !== 'fork') return permissions
  const read = Object.entries(permissions).map(
    ([name, level]) => [name, level === 'none' ? level : 'read'] as const,
  )
  return Object.fromEntries(read)
}
