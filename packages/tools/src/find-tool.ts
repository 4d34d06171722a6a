import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { type Job, UserError } from '@meridian/runner'
import { childEnvironment } from './child-environment.ts'
import { hashOf, installTool, type Releases } from './install-tool.ts'
import { runTool } from './run-tool.ts'
import { ToolFailure } from './tool-failure.ts'

type ToolName = 'kops' | 'karmadactl' | 'kubectl'

export type Tool = {
  readonly name: ToolName
  readonly path: string
  /** As the tool says itself. */
  readonly version: string
  /** It was downloaded, and has the hash that this repository pins. */
  readonly pinned?: true
}

/** `version` without a leading `v`; `path` is the executable that an input names. */
export type ToolRequest = {
  readonly name: ToolName
  readonly version: string
  /** Any version from this one on will do (`1.32`) where there is one; only `version` is downloaded. */
  readonly since?: string
  readonly path?: string | undefined
  /** Base URL of a mirror of the tool's releases. */
  readonly url?: string | undefined
  /** An executable of another hash is not run, wherever it comes from. Of a .tgz where releases are such. */
  readonly sha256?: string | undefined
}

type ToolJob = Pick<Job, 'env' | 'signal' | 'deadline' | 'log' | 'run' | 'scratch' | 'userAgent'>

type Kind = {
  versionArguments: readonly string[]
  readVersion(output: string): string | undefined
  /** Where it may be downloaded from, by a hash that is pinned. */
  source: Releases
}

const semver = /\bv?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.]+)?)/

const kinds: Record<ToolName, Kind> = {
  kops: {
    versionArguments: ['version', '--short'],
    readVersion: output => semver.exec(output.trim())?.[1],
    // Both hold the same bytes: kops' release job copies the one to the other.
    source: {
      urls: [
        'https://github.com/kubernetes/kops/releases/download/v{version}/kops-{platform}',
        'https://artifacts.k8s.io/binaries/kops/{version}/{platform/}/kops',
      ],
      file: 'v{version}/kops-{platform}',
    },
  },
  karmadactl: {
    versionArguments: ['version'],
    readVersion: output => /GitVersion:"v?([^"]+)"/.exec(output)?.[1] ?? semver.exec(output)?.[1],
    // The same program as karmadactl under the name of a kubectl plugin: of this one, krew's index has the hashes.
    source: {
      urls: [
        'https://github.com/karmada-io/karmada/releases/download/v{version}/kubectl-karmada-{platform}.tgz',
      ],
      file: 'v{version}/kubectl-karmada-{platform}.tgz',
      entry: 'kubectl-karmada',
    },
  },
  kubectl: {
    versionArguments: ['version', '--client'],
    readVersion: output => semver.exec(output)?.[1],
    source: {
      urls: ['https://dl.k8s.io/release/v{version}/bin/{platform/}/kubectl'],
      file: 'v{version}/bin/{platform/}/kubectl',
    },
  },
}

const versionTimeout = 20_000

/**
 * Finds a tool, in this order: the path that an input names, then PATH if what is there says the wanted version,
 * then the tool cache and the tool's releases, by the pinned hash. Throws a UserError that says what was found and
 * how to get the right one.
 */
export async function findTool(request: ToolRequest, job: ToolJob): Promise<Tool> {
  const tool =
    request.path === undefined ? await lookFor(request, job) : await useGiven(request, request.path, job)
  job.log.info(`${tool.name} ${tool.version} (${tool.path})`)
  return tool
}

async function useGiven(request: ToolRequest, given: string, job: ToolJob): Promise<Tool> {
  const path = isAbsolute(given) ? given : resolve(job.run.workspace, given)
  const input = `${request.name}-path`
  if (!(await isExecutable(path))) {
    throw new UserError(`${path} is not an executable file`, {
      fix: `Correct ${input}, or leave it out: ${request.name} is then taken from PATH or downloaded.`,
      input,
    })
  }
  const { version, words } = await describeTool(request, path, job)
  if (version !== undefined) return { name: request.name, path, version }
  const wanted = `${request.name} ${request.since === undefined ? request.version : `${request.since} or later`}`
  const inputs = request.sha256 === undefined ? '' : ` and ${request.name}-sha256`
  throw new UserError(`${path} is ${words}, but ${wanted} is wanted`, {
    fix: `Point ${input} to ${wanted}${request.since === undefined ? `, or correct ${request.name}-version${inputs}` : ''}.`,
    input,
  })
}

async function lookFor(request: ToolRequest, job: ToolJob): Promise<Tool> {
  const { name, version } = request
  const others: string[] = []
  for (const directory of (job.env.PATH ?? '').split(delimiter).filter(isAbsolute)) {
    const path = join(directory, name)
    if (!(await isExecutable(path))) continue
    const found = await describeTool(request, path, job)
    if (found.version !== undefined) return { name, path, version: found.version }
    others.push(`${path} is ${found.words}`)
  }
  if (others.length > 0) job.log.info(`${name} ${version} is wanted, but on PATH, ${others.join(', ')}.`)
  return { name, path: await installTool(request, kinds[name].source, job), version, pinned: true }
}

/** The version of an executable that may be used, or in words why not. One of a wrong hash is not even asked. */
async function describeTool(
  request: ToolRequest,
  path: string,
  job: ToolJob,
): Promise<{ version?: string; words?: string }> {
  const isArchive = kinds[request.name].source.entry !== undefined
  if (!isArchive && request.sha256 !== undefined && (await hashOf(path)) !== request.sha256)
    return { words: `not of the sha256 ${request.sha256}` }
  const version = await askVersion(request.name, path, job)
  if (version !== undefined && isWanted(version, request)) return { version }
  return { words: `${request.name} ${version ?? 'of unknown version'}` }
}

function isWanted(found: string, { version, since }: ToolRequest): boolean {
  if (since === undefined) return found === version
  const [major = 0, minor = 0] = found.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = since.split('.').map(Number)
  return major === wantedMajor && minor >= wantedMinor
}

async function askVersion(name: ToolName, path: string, job: ToolJob): Promise<string | undefined> {
  const kind = kinds[name]
  try {
    const { stdout } = await runTool({ name, path }, kind.versionArguments, {
      env: childEnvironment(job.env),
      signal: job.signal,
      timeout: versionTimeout,
    })
    return kind.readVersion(stdout)
  } catch (error) {
    // A file of that name that is something else, or for another processor, is only not the one we look for.
    if (error instanceof ToolFailure) return undefined
    throw error
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
