import { spawn, spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { labBoundary, type Universe } from '@meridian/lab-universe'
import { repositorySlug } from '@meridian/lab-world'
import { onTestFinished } from 'vitest'
import { stripQueue } from '../../../scripts/strip-queue.ts'
import { root } from './caller.ts'

/** nektos/act, which these tests are skipped without. */
export const isActFound = spawnSync('act', ['--version']).status === 0
export const whetherFound = isActFound ? '' : ' (skipped: act not found)'

/** What act did with a workflow, by the names of jobs and steps. */
export type ActRun = {
  readonly exitCode: number | null
  readonly results: Readonly<Record<string, string>>
  readonly said: readonly string[]
}

export type ActRepository = {
  /** Runs a workflow of the repository for an event; `more` are further options of act. */
  run(event: string, workflow: string, more?: readonly string[]): Promise<ActRun>
}

type Caller = { readonly slug: string; readonly id: string }

/** A repository whose files are in a directory, for act, which can then call some workflows of this one. */
export async function openActRepository(
  universe: Universe,
  caller: Caller,
  files: string,
  workflows: readonly string[],
): Promise<ActRepository> {
  const scratch = await mkdtemp(join(tmpdir(), 'meridian-act-'))
  onTestFinished(() => rm(scratch, { recursive: true, force: true }))
  const at = (name: string): string => join(scratch, name)
  const [here, there] = [at('caller'), at('meridian')]
  await cp(files, here, { recursive: true })
  await copyForAct(there, workflows)
  await writeCheckout(at('checkout'), here)
  const env = { ...universe.env, HOME: at('home'), XDG_CACHE_HOME: at('home/cache') }
  await mkdir(env.HOME)
  await commitAll(here, caller, env)
  const local = [
    `${repositorySlug()}@main=${there}`,
    `actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1=${at('checkout')}`,
  ].flatMap(value => ['--local-repository', value])
  const options = [
    ...['-P', 'ubuntu-24.04=-self-hosted', '--json', '--no-cache-server'],
    ...['--env-file', '/dev/null', '--secret-file', '/dev/null'],
    ...['--var', `MERIDIAN_BOUNDARY=${labBoundary}`, '--var', `MERIDIAN_NAME_SERVERS=${universe.nameServer}`],
    ...[
      '--env',
      `GITHUB_REPOSITORY_ID=${caller.id}`,
      '--env',
      `GITHUB_API_URL=${universe.githubApi}`,
      ...local,
    ],
  ]
  let count = 0
  return {
    async run(event, workflow, more = []) {
      count += 1
      // Runs at the same time would write into each other's cache.
      const own = ['-W', `.github/workflows/${workflow}`, '--action-cache-path', at(`cache-${count}`)]
      const { exitCode, stdout } = await run('act', [event, ...own, ...options, ...more], here, env)
      return { exitCode, ...readLines(stdout) }
    },
  }
}

/** This repository as act can read it: without `queue`, which it refuses, and with the actions that its workflows name. */
async function copyForAct(directory: string, workflows: readonly string[]): Promise<void> {
  const target = join(directory, '.github/workflows')
  await mkdir(target, { recursive: true })
  const actions = new Set<string>()
  for (const name of workflows) {
    const text = await readFile(join(root, `.github/workflows/${name}`), 'utf8')
    await writeFile(join(target, name), stripQueue(text))
    for (const [, action = ''] of text.matchAll(/\/(actions\/[a-z-]+)@main/g)) actions.add(action)
  }
  for (const part of [...actions].flatMap(action => [`${action}/action.yml`, `${action}/dist`]))
    await cp(join(root, part), join(directory, part), { recursive: true })
}

/** A checkout as act makes it by itself where no `ref` is named: of the caller's working directory. */
async function writeCheckout(directory: string, of: string): Promise<void> {
  const action = {
    name: 'checkout',
    runs: { using: 'composite', steps: [{ run: `cp -R '${of}/.' .`, shell: 'bash' }] },
  }
  await mkdir(directory)
  await writeFile(join(directory, 'action.yml'), JSON.stringify(action))
}

async function commitAll(directory: string, { slug }: Caller, env: Record<string, string>): Promise<void> {
  const author = ['-c', 'user.name=x', '-c', 'user.email=x@example.com']
  for (const args of [
    'init -q -b main',
    `remote add origin https://github.com/${slug}`,
    'add -A',
    'commit -qm x',
  ])
    await run('git', [...author, ...args.split(' ')], directory, env)
}

function run(command: string, args: string[], cwd: string, env: Record<string, string>) {
  return new Promise<{ exitCode: number | null; stdout: string }>((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', chunk => {
        stdout += chunk
      })
    child.once('error', reject)
    child.once('close', exitCode => resolve({ exitCode, stdout }))
  })
}

type Line = { job?: string; jobResult?: string; msg?: string; step?: string }

function readLines(stdout: string): Pick<ActRun, 'results' | 'said'> {
  const lines = stdout.split('\n').flatMap((line): Line[] => {
    try {
      return [JSON.parse(line)]
    } catch {
      // What act says before it runs anything is no JSON.
      return line === '' ? [] : [{ msg: line }]
    }
  })
  return {
    // act pads the names of jobs to one width.
    results: Object.fromEntries(
      lines.flatMap(({ job, jobResult }) => (job && jobResult ? [[job.trim(), jobResult]] : [])),
    ),
    said: lines.map(({ msg = '' }) => msg.trim()),
  }
}
