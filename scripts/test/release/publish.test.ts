import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getOctokit } from '@actions/github'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Git, gitIn, readTags } from '../../release/git.ts'
import { type GitHub, planRelease, publishReleases, pushRelease, type Source } from '../../release/publish.ts'

const who = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
  GIT_CONFIG_GLOBAL: '/dev/null',
}
const up = 'on:\n  workflow_call:\njobs:\n  a:\n    steps:\n      - uses: owner/repo/actions/federate@main\n'

let folder: string
let git: Git
let server: Server
let github: GitHub
let releases: { tag_name: string; body: string; make_latest: string }[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-release-'))
  gitIn(folder)(['init', '--quiet', '--bare', '--initial-branch=main', 'remote'])
  mkdirSync(join(folder, 'work'))
  git = gitIn(join(folder, 'work'), { ...process.env, ...who })
  git(['init', '--quiet', '--initial-branch=main'])
  git(['remote', 'add', 'origin', join(folder, 'remote')])
  change('first')
  releases = []
  // Git holds this process up: a connection that ends meanwhile would break under the next request.
  server = createServer({ keepAliveTimeout: 120_000 }, answer).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  github = getOctokit('token', { baseUrl: `http://127.0.0.1:${port}` }).rest
})

afterEach(async () => {
  await new Promise(resolve => server.close(resolve))
  rmSync(folder, { recursive: true })
})

/** Of GitHub's API what a release asks: numbers of repositories, releases by tag, and a new one. */
function answer(...[request, response]: Parameters<NonNullable<Parameters<typeof createServer>[1]>>): void {
  const reply = (status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  const tag = /^\/repos\/owner\/repo\/releases\/tags\/(.+)$/.exec(request.url ?? '')?.[1]
  if (tag !== undefined) {
    const found = releases.find(one => one.tag_name === decodeURIComponent(tag))
    return void (found === undefined ? reply(404, { message: 'Not Found' }) : reply(200, found))
  }
  if (request.method !== 'POST') return void reply(200, { id: 4, owner: { id: 3 } })
  const parts: Buffer[] = []
  request
    .on('data', part => parts.push(part))
    .on('end', () => {
      releases.push(JSON.parse(Buffer.concat(parts).toString()))
      reply(201, {})
    })
}

function change(text: string): void {
  writeFileSync(join(folder, 'work', 'text'), text)
  git(['add', '.'])
  git(['commit', '--quiet', '-m', text])
  git(['push', '--quiet', 'origin', 'main'])
}

function source(versions: { federate: string; workflows: string }): Source {
  return {
    git,
    remote: 'origin',
    slug: 'owner/repo',
    versioned: Object.entries(versions).map(([name, version]) => ({ name, version })),
    callable: new Map([['.github/workflows/up.yml', up]]),
    changelog: name =>
      Object.values(versions)
        .map(version => `## ${version}\n\n- ${name} is new\n`)
        .join('\n'),
  }
}

async function publish(of: Source): Promise<string[]> {
  const release = planRelease(of)
  await pushRelease(of, release, github)
  return publishReleases(of, github)
}

const first = { federate: '1.0.0', workflows: '1.0.0' }

test('actions are tagged at the released commit, workflows at a child of it that pins them', async () => {
  await publish(source(first))
  const tags = readTags(git, 'origin')
  const released = git(['rev-parse', 'main'])
  expect([...tags.keys()]).toEqual(['federate/v1', 'federate/v1.0.0', 'workflows/v1', 'workflows/v1.0.0'])
  expect(tags.get('federate/v1.0.0')).toBe(released)
  const pinned = tags.get('workflows/v1.0.0') ?? ''
  expect(git(['rev-parse', `${pinned}^`])).toBe(released)
  expect(git(['diff', '--name-only', released, pinned])).toBe(
    '.github/workflows/actions.lock\n.github/workflows/up.yml',
  )
  expect(git(['show', `${pinned}:.github/workflows/up.yml`])).toContain(
    `federate@${released} # federate/v1.0.0`,
  )
  expect(git(['show', `${pinned}:.github/workflows/actions.lock`])).toContain(`'owner/repo@${released}'`)
})

test('each version has a release with its notes, and the workflows are the latest', async () => {
  await publish(source(first))
  expect(releases.map(one => [one.tag_name, one.make_latest])).toEqual([
    ['federate/v1.0.0', 'false'],
    ['workflows/v1.0.0', 'true'],
  ])
  expect(releases[0]?.body).toContain('- federate is new')
  expect(releases[0]?.body).toContain('-print0 | xargs -0 -n 1 gh attestation verify --repo owner/repo')
})

test('a second run changes nothing', async () => {
  await publish(source(first))
  const before = readTags(git, 'origin')
  expect(await publish(source(first))).toEqual([])
  expect(readTags(git, 'origin')).toEqual(before)
  expect(releases).toHaveLength(2)
})

test('what ended between the tags and the releases is finished by the next run', async () => {
  await pushRelease(source(first), planRelease(source(first)), github)
  expect(await publish(source(first))).toEqual(['federate/v1.0.0', 'workflows/v1.0.0'])
})

test('a later version moves the tags of its major version, and workflows go on with what is released', async () => {
  await publish(source(first))
  const before = readTags(git, 'origin').get('federate/v1.0.0')
  change('second')
  await publish(source({ ...first, workflows: '1.1.0' }))
  const tags = readTags(git, 'origin')
  expect(tags.get('workflows/v1')).toBe(tags.get('workflows/v1.1.0'))
  expect(tags.get('federate/v1')).toBe(before)
  const pinned = git(['show', `${tags.get('workflows/v1.1.0')}:.github/workflows/up.yml`])
  expect(pinned).toContain(`federate@${before} # federate/v1.0.0`)
})

test('nothing is pushed when a tag has moved since it was looked at', async () => {
  await publish(source(first))
  change('second')
  const later = source({ federate: '1.1.0', workflows: '1.1.0' })
  const release = planRelease(later)
  git(['push', '--quiet', '--force', 'origin', `${release.tags.get('workflows/v1')}:refs/tags/federate/v1`])
  const before = readTags(git, 'origin')
  await expect(pushRelease(later, release, github)).rejects.toThrow('git push failed')
  expect(readTags(git, 'origin')).toEqual(before)
})

test('a commit that main does not hold is not released', () => {
  writeFileSync(join(folder, 'work', 'text'), 'mine')
  git(['commit', '--quiet', '-am', 'mine'])
  expect(() => planRelease(source(first))).toThrow('is not on main of the remote')
})

test('an action whose bundle has changed without a new version is told', async () => {
  await publish(source(first))
  mkdirSync(join(folder, 'work/actions/federate/dist'), { recursive: true })
  writeFileSync(join(folder, 'work/actions/federate/dist/index.js'), 'other')
  change('bundle')
  expect(planRelease(source(first)).unreleased).toEqual(['federate'])
})
