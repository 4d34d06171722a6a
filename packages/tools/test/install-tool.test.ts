import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { testJob } from '@meridian/runner/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { findTool } from '../src/index.ts'
import { installTool, pinnedHashes, platformName, releaseUrls } from '../src/install-tool.ts'

const right = '#!/bin/sh\necho 1.36.9\n'
const hash = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
const sha256 = hash(right)
const platform = platformName({ system: process.platform, processor: process.arch })
const releases = { urls: ['https://one.test/v{version}/kops-{platform}'], file: 'v{version}/kops-{platform}' }
const linux = { system: 'linux', processor: 'x64' } as const
let served: string | Buffer | undefined = right
let asked: string[] = []
let cache: string
let server: Server
let url: string

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(served === undefined ? 404 : 200).end(served)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/kops`
})
afterAll(() => void server.close())
beforeEach(async () => {
  served = right
  asked = []
  cache = await mkdtemp(join(tmpdir(), 'tool-cache-'))
})

const jobNow = () => testJob({ env: { PATH: '', RUNNER_TOOL_CACHE: cache } })
const install = (more: { sha256?: string; version?: string } = { sha256 }) =>
  installTool({ name: 'kops', version: '1.36.9', url, ...more }, releases, jobNow(), linux)

test('what has the right hash is downloaded once, kept, and made executable', async () => {
  const path = await install()
  expect(asked).toEqual(['/kops/v1.36.9/kops-linux-amd64'])
  expect(await readFile(path, 'utf8')).toBe(right)
  expect(await install()).toBe(path)
  expect(asked).toHaveLength(1)
  const request = { name: 'kops', version: '1.36.9', path, sha256 } as const
  expect((await findTool(request, jobNow())).version).toBe('1.36.9')
})

test('what has another hash is neither kept nor run', async () => {
  served = 'something else'
  await expect(install()).rejects.toMatchObject({
    message: expect.stringMatching(/v1\.36\.9\/kops-linux-amd64 has the sha256 [0-9a-f]{64}$/),
    fix: expect.stringContaining('kops-url'),
  })
  expect(await readdir(join(cache, 'kops', '1.36.9', 'x64'))).toEqual([])
})

test('a kept one that was changed since is downloaded again', async () => {
  const path = await install()
  await writeFile(path, 'changed')
  expect(await readFile(await install(), 'utf8')).toBe(right)
  expect(asked).toHaveLength(2)
})

test('where the tool cache is read-only, it goes into the directory of the action', async () => {
  const job = testJob({ env: { PATH: '', RUNNER_TOOL_CACHE: '/sys' } })
  const path = await installTool({ name: 'kops', version: '1.36.9', url, sha256 }, releases, job, linux)
  expect(path.startsWith(tmpdir())).toBe(true)
  expect(await readFile(path, 'utf8')).toBe(right)
})

test('a version that the server does not have is told with its status', async () => {
  served = undefined
  await expect(install()).rejects.toThrow(/kops-linux-amd64: the server answered 404$/)
})

test('a version of unknown hash is not downloaded, and the known ones are named', async () => {
  await expect(install({ version: '1.35.9' })).rejects.toMatchObject({
    message: 'the sha256 of kops 1.35.9 for linux-amd64 is not known to this action',
    fix: expect.stringMatching(/kops-sha256.*1\.36\.2/),
  })
  expect(asked).toEqual([])
})

test('a platform without releases is refused', async () => {
  const request = { name: 'kops', version: '1.36.2' }
  await expect(
    installTool(request, releases, jobNow(), { system: 'win32', processor: 'x64' }),
  ).rejects.toThrow('there is no kops to download for win32 on x64')
})

test.each([
  ['linux', 'x64', 'linux-amd64'],
  ['linux', 'arm64', 'linux-arm64'],
  ['darwin', 'arm64', 'darwin-arm64'],
  ['linux', 'riscv64', undefined],
] as const)('%s on %s is %s', (system, processor, name) =>
  expect(platformName({ system, processor })).toBe(name),
)

test.each(['kops', 'karmadactl', 'kubectl'])(
  'each pinned %s has a hash of its own for each platform',
  name => {
    const hashes = Object.values(pinnedHashes(name)).flatMap(platforms => Object.values(platforms))
    expect(hashes.every(hash => /^[0-9a-f]{64}$/.test(hash))).toBe(true)
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(hashes).toHaveLength(4 * Object.keys(pinnedHashes(name)).length)
  },
)

test('public URLs are asked in order, a mirror alone', () => {
  const two = { urls: [...releases.urls, 'https://two.test/{version}/{platform/}/kops'], file: releases.file }
  const request = { name: 'kops', version: '1.36.2' }
  expect(releaseUrls(two, request, 'linux-arm64')).toEqual([
    'https://one.test/v1.36.2/kops-linux-arm64',
    'https://two.test/1.36.2/linux/arm64/kops',
  ])
  expect(releaseUrls(two, { ...request, url: 'https://my.test/kops/' }, 'linux-arm64')).toEqual([
    'https://my.test/kops/v1.36.2/kops-linux-arm64',
  ])
})

test('a release that is an archive is known by the hash of the archive, and its executable is taken out', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'release-'))
  await mkdir(join(directory, 'any'))
  await writeFile(join(directory, 'any', 'kubectl-karmada'), '#!/bin/sh\necho 1.18.99\n')
  await promisify(execFile)('tar', ['-czf', join(directory, 'release.tgz'), '-C', directory, 'any'])
  served = await readFile(join(directory, 'release.tgz'))
  const env = { PATH: '/usr/bin:/bin', RUNNER_TOOL_CACHE: cache }
  const request = { name: 'karmadactl', version: '1.18.99', url, sha256: hash(served) } as const
  const tool = await findTool(request, testJob({ env }))
  expect(tool).toMatchObject({ version: '1.18.99', pinned: true })
  expect((await promisify(execFile)(tool.path)).stdout).toBe('1.18.99\n')
  expect(asked).toEqual([`/kops/v1.18.99/kubectl-karmada-${platform}.tgz`])
})
