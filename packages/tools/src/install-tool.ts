import { createHash, randomUUID } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { access, chmod, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { explainSystemError, type Job, messageOf, UserError } from '@meridian/runner'
import pinned from '../pinned-tools.json' with { type: 'json' }
import { downloadFile } from './download-file.ts'
import { unpackEntry } from './unpack.ts'

/** Where the releases of a tool are: `{version}` and `{platform}` stand in the URLs of single executables. */
export type Releases = {
  /** In the order in which they are asked. */
  readonly urls: readonly string[]
  /** What follows the base of a mirror of one's own, which is laid out like the first of the URLs. */
  readonly file: string
  /** Where a release is a .tgz: the name of the executable in it. The hash is then that of the .tgz. */
  readonly entry?: string
}

export type InstallRequest = {
  readonly name: string
  readonly version: string
  /** Base URL of a mirror, to be asked instead of the public ones. */
  readonly url?: string | undefined
  /** Of the executable, 64 hex digits; it wins over the one that is pinned. */
  readonly sha256?: string | undefined
}

type InstallJob = Pick<Job, 'env' | 'signal' | 'deadline' | 'log' | 'scratch' | 'userAgent'>

type Platform = { readonly system: NodeJS.Platform; readonly processor: string }

const systems: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin' }
const processors: Record<string, string> = { x64: 'amd64', arm64: 'arm64' }

/** The name of a platform in the names of releases, `linux-amd64`; undefined where there are none for it. */
export function platformName({ system, processor }: Platform): string | undefined {
  const [first, second] = [systems[system], processors[processor]]
  return first && second && `${first}-${second}`
}

type Hashes = Readonly<Record<string, Readonly<Record<string, string>>>>

/** The hashes that this repository pins for a tool, by version (newest first) and platform. */
export function pinnedHashes(name: string): Hashes {
  return (pinned as Record<string, { sha256: Hashes }>)[name]?.sha256 ?? {}
}

/** The URLs of a tool's executable, in the order in which they are asked. Pure. */
export function releaseUrls(releases: Releases, request: InstallRequest, platform: string): string[] {
  const templates =
    request.url === undefined ? releases.urls : [`${request.url.replace(/\/$/, '')}/${releases.file}`]
  return templates.map(url =>
    url
      .replaceAll('{version}', request.version)
      .replaceAll('{platform}', platform)
      .replaceAll('{platform/}', platform.replace('-', '/')),
  )
}

/**
 * Resolves to the path of a tool whose sha256 is the pinned one (or the given one): from the runner's tool cache,
 * else downloaded and put there. What does not have that hash is neither kept nor run. Throws a UserError where
 * no hash is known, or where no server gave the right file.
 */
export async function installTool(
  request: InstallRequest,
  releases: Releases,
  job: InstallJob,
  { system, processor }: Platform = { system: process.platform, processor: process.arch },
): Promise<string> {
  const { name, version } = request
  const platform = platformName({ system, processor })
  if (platform === undefined) {
    throw new UserError(`there is no ${name} to download for ${system} on ${processor}`, {
      fix: `Run on Linux or macOS with an x64 or arm64 processor, or give ${name}-path.`,
      input: `${name}-path`,
    })
  }
  const sha256 = request.sha256 ?? pinnedHashes(name)[version]?.[platform]
  if (sha256 === undefined) throw unknownHash(request, platform)
  const below = join(name, version, processor, releases.entry === undefined ? name : `${name}.tgz`)
  const path = await placeFor(below, sha256, job)
  if ((await hashOf(path)) !== sha256)
    await download(releaseUrls(releases, request, platform), { path, sha256 }, request, job)
  return releases.entry === undefined ? path : unpackEntry(path, releases.entry, job)
}

/** In the tool cache, if it is there already or may be written there; else in the private directory of the action. */
async function placeFor(below: string, sha256: string, job: InstallJob): Promise<string> {
  const { RUNNER_TOOL_CACHE: cache } = job.env
  const cached = cache && join(cache, below)
  if (cached && ((await hashOf(cached)) === sha256 || (await isWritable(dirname(cached))))) return cached
  const own = join(await job.scratch(), below)
  await mkdir(dirname(own), { recursive: true })
  return own
}

async function isWritable(directory: string): Promise<boolean> {
  try {
    await mkdir(directory, { recursive: true })
    await access(directory, constants.W_OK)
    return true
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['EROFS', 'EACCES', 'EPERM'].includes(code)) return false
    throw error
  }
}

type Wanted = { readonly path: string; readonly sha256: string }

async function download(
  urls: readonly string[],
  { path, sha256 }: Wanted,
  { name, version }: InstallRequest,
  job: InstallJob,
): Promise<void> {
  // Jobs of one machine, and parallel parts of one job, may share the cache: what stands at the path is always whole.
  const part = `${path}.${randomUUID()}.part`
  const failures: string[] = []
  let remedy = 'Run it again, allow these hosts,'
  for (const url of urls) {
    try {
      await downloadFile(url, part, job)
      const found = await hashOf(part)
      if (found === sha256) {
        await chmod(part, 0o755)
        return await rename(part, path)
      }
      failures.push(`${url} has the sha256 ${found}`)
    } catch (error) {
      job.signal.throwIfAborted()
      const known = explainSystemError(error)
      failures.push(`${url}: ${known?.what ?? messageOf(error)}`)
      if (known) remedy = `${known.fix} Or`
    } finally {
      await rm(part, { force: true })
    }
  }
  throw new UserError(
    `${name} ${version} with the sha256 ${sha256} could not be downloaded: ${failures.join('; ')}`,
    {
      fix: `${remedy} give a mirror with ${name}-url, or put ${name} ${version} on PATH in a step before. An executable of another hash is not run.`,
      input: `${name}-url`,
    },
  )
}

function unknownHash({ name, version }: InstallRequest, platform: string): UserError {
  return new UserError(`the sha256 of ${name} ${version} for ${platform} is not known to this action`, {
    fix: `Give it with ${name}-sha256, or use one of ${Object.keys(pinnedHashes(name)).join(', ')}, or put ${name} ${version} on PATH in a step before.`,
    input: `${name}-sha256`,
  })
}

/** The sha256 of a file in hex; undefined if it cannot be read. */
export async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
    return hash.digest('hex')
  } catch {
    return undefined
  }
}
