import { spawn, spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { stripQueue } from '../../../scripts/strip-queue.ts'
import { labBoundary, startUniverse } from '../../index.ts'
import { repositorySlug } from '../../repository-slug.ts'
import { root, shopFiles } from './caller.ts'

const isFound = spawnSync('act', ['--version']).status === 0
const slug = repositorySlug()

/** This repository as act can read it: without `queue`, which it refuses, and with the actions that its workflows name. */
async function copyForAct(directory: string): Promise<void> {
  const workflows = join(directory, '.github/workflows')
  await mkdir(workflows, { recursive: true })
  const actions = new Set<string>()
  for (const name of ['up', 'down', 'take-region-out']) {
    const text = await readFile(join(root, `.github/workflows/${name}.yml`), 'utf8')
    await writeFile(join(workflows, `${name}.yml`), stripQueue(text))
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

function linesOf(stdout: string): Line[] {
  return stdout.split('\n').flatMap(line => {
    try {
      return [JSON.parse(line) as Line]
    } catch {
      return []
    }
  })
}

test.skipIf(!isFound)(
  `nektos/act runs the same life of a second repository${isFound ? '' : ' (skipped: act not found)'}`,
  async () => {
    const universe = await startUniverse({ scale: 5_000 })
    onTestFinished(universe.close)
    const scratch = await mkdtemp(join(tmpdir(), 'meridian-act-'))
    onTestFinished(() => rm(scratch, { recursive: true, force: true }))
    const at = (name: string): string => join(scratch, name)
    const [here, there] = [at('shop'), at('meridian')]
    await cp(shopFiles, here, { recursive: true })
    await copyForAct(there)
    await writeCheckout(at('checkout'), here)
    const env = { ...universe.env, HOME: at('home'), XDG_CACHE_HOME: at('home/cache') }
    await mkdir(env.HOME)
    const author = ['-c', 'user.name=x', '-c', 'user.email=x@example.com']
    for (const args of [
      'init -q -b main',
      'remote add origin https://github.com/acme/shop',
      'add -A',
      'commit -qm x',
    ])
      await run('git', [...author, ...args.split(' ')], here, env)
    const local = [
      `${slug}@main=${there}`,
      `actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1=${at('checkout')}`,
    ].flatMap(value => ['--local-repository', value])
    const options = [
      ...[
        '-W',
        '.github/workflows/life.yml',
        '-P',
        'ubuntu-24.04=-self-hosted',
        '--json',
        '--no-cache-server',
      ],
      ...['--action-cache-path', at('cache'), '--env-file', '/dev/null', '--secret-file', '/dev/null'],
      ...[
        '--var',
        `MERIDIAN_BOUNDARY=${labBoundary}`,
        '--var',
        `MERIDIAN_NAME_SERVERS=${universe.nameServer}`,
      ],
      ...['--env', 'GITHUB_REPOSITORY_ID=7007', ...local],
    ]
    const ended = await run('act', ['workflow_dispatch', ...options], here, env)
    const lines = linesOf(ended.stdout)
    const results = Object.fromEntries(
      // act pads the names of jobs to one width.
      lines.flatMap(({ job, jobResult }) => (job && jobResult ? [[job.trim(), jobResult]] : [])),
    )
    expect(
      [ended.exitCode, results],
      lines
        .slice(-60)
        .map(({ msg }) => msg)
        .join('\n'),
    ).toEqual([0, expect.objectContaining({ 'Life/tell': 'success', 'down/Down/teardown': 'success' })])
    expect(Object.values(results)).not.toContain('failure')
    const said = lines.map(({ msg = '' }) => msg.trim())
    expect(said).toContain(
      'shop.shop.k8s.example.com {"usa":2,"eur":2}, then without ["eu-west-1"] {"usa":4}',
    )
    expect(universe.world.inventory.list()).toEqual([])
  },
)
