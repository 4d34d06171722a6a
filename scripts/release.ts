// `version` makes the change that a release is made of; `plan` says what releasing this commit would do; `publish` does it.

import { spawnSync } from 'node:child_process'
import { appendFileSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { getOctokit } from '@actions/github'
import { repositorySlug } from '@meridian/lab-world'
import { repository } from './action-files.ts'
import { authorize } from './release/authorize.ts'
import { describeRelease } from './release/describe-release.ts'
import { gitIn } from './release/git.ts'
import { nameRelease } from './release/name-release.ts'
import { planRelease, publishReleases, pushRelease, type Source } from './release/publish.ts'
import { readCallable, readChangelog, readVersioned } from './release/repository.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { remote: { type: 'string', default: 'origin' } },
})
const commands: Record<string, () => void | Promise<void>> = { version, plan, publish }
const command = commands[positionals[0] ?? '']
if (command === undefined) {
  console.error('Say what: npm run release -- version | plan | publish [--remote=origin]')
  process.exitCode = 2
} else {
  try {
    await command()
  } catch (error) {
    // What is refused says itself why; of all else the stack is wanted.
    const { message, stack, name } = error as Error
    console.error(name === 'Error' ? message : stack)
    process.exitCode = 1
  }
}

/** Versions, changelogs, the tags that documentation names, and the bundles, which carry their version. */
function version(): void {
  run('changeset', 'version')
  run('npm', 'install', '--package-lock-only', '--ignore-scripts')
  const versioned = readVersioned()
  for (const page of globSync('{README.md,docs/*.md,actions/*/README.md,examples/**/*.{md,yml}}', {
    cwd: repository,
  })) {
    const path = join(repository, page)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, nameRelease(text, repositorySlug(), versioned))
  }
  run('npm', 'run', 'docs')
  run('npm', 'run', 'build')
}

async function plan(): Promise<void> {
  const source = readSource()
  const release = planRelease(source)
  tell(describeRelease(source, release))
  append('GITHUB_OUTPUT', `pending=${release.changes.length > 0}`)
}

async function publish(): Promise<void> {
  const token = required('GITHUB_TOKEN')
  const github = getOctokit(token, { baseUrl: required('GITHUB_API_URL') }).rest
  const source = readSource(authorize(token, required('GITHUB_SERVER_URL')))
  const release = planRelease(source)
  tell(describeRelease(source, release))
  await pushRelease(source, release, github)
  const made = await publishReleases(source, github)
  tell(made.length === 0 ? 'Every version has its release already.' : `Released: ${made.join(', ')}`)
}

function readSource(credentials: Record<string, string> = {}): Source {
  return {
    git: gitIn(repository, { ...process.env, ...credentials }),
    remote: values.remote,
    slug: repositorySlug(),
    versioned: readVersioned(),
    callable: readCallable(),
    changelog: readChangelog,
  }
}

function required(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`${name} is not set: see docs/releasing.md`)
  return value
}

/** To the log, and to the job's summary where there is one. */
function tell(markdown: string): void {
  console.log(markdown)
  append('GITHUB_STEP_SUMMARY', markdown)
}

/** A line for a file that the runner reads; nothing where it names none. */
function append(file: string, line: string): void {
  const path = process.env[file]
  if (path !== undefined) appendFileSync(path, `${line}\n`)
}

function run(command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { cwd: repository, stdio: 'inherit' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`)
}
