import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { type Job, UserError } from '@meridian/runner'
import { childEnvironment } from './child-environment.ts'
import { runTool } from './run-tool.ts'
import { ToolFailure } from './tool-failure.ts'

export type ToolName = 'kops' | 'karmadactl'

export type Tool = { readonly name: ToolName; readonly path: string; readonly version: string }

/** `version` without a leading `v`; `path` is the executable that an input names. */
export type ToolRequest = {
  readonly name: ToolName
  readonly version: string
  readonly path?: string | undefined
}

type ToolJob = Pick<Job, 'env' | 'signal' | 'log' | 'run'>

type Kind = {
  versionArguments: readonly string[]
  readVersion(output: string): string | undefined
  /** A setup step that puts the wanted version on PATH. */
  install(version: string): string
}

const semver = /\bv?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.]+)?)/

const kinds: Record<ToolName, Kind> = {
  kops: {
    versionArguments: ['version', '--short'],
    readVersion: output => semver.exec(output.trim())?.[1],
    install: version =>
      `curl --fail --location --output kops https://github.com/kubernetes/kops/releases/download/v${version}/kops-linux-amd64, check it against kops-linux-amd64.sha256 beside it, and install it into a directory on PATH`,
  },
  karmadactl: {
    versionArguments: ['version'],
    readVersion: output => /GitVersion:"v?([^"]+)"/.exec(output)?.[1] ?? semver.exec(output)?.[1],
    install: version =>
      `download karmadactl-linux-amd64.tgz and its .sha256 from https://github.com/karmada-io/karmada/releases/tag/v${version}, check it, and unpack it into a directory on PATH`,
  },
}

const versionTimeout = 20_000

/**
 * Finds a tool, in this order: the path that an input names, then PATH, if what is there says the wanted
 * version. Nothing is downloaded: an executable whose hash nobody pinned is not run. Throws a UserError that
 * says what was found and how to get the right one.
 */
export async function findTool(request: ToolRequest, job: ToolJob): Promise<Tool> {
  const tool =
    request.path === undefined ? await findOnPath(request, job) : await useGiven(request, request.path, job)
  job.log.info(`${tool.name} ${tool.version} (${tool.path})`)
  return tool
}

async function useGiven(request: ToolRequest, given: string, job: ToolJob): Promise<Tool> {
  const path = isAbsolute(given) ? given : resolve(job.run.workspace, given)
  const input = `${request.name}-path`
  if (!(await isExecutable(path))) {
    throw new UserError(`${path} is not an executable file`, { fix: `Correct ${input}.`, input })
  }
  const version = await askVersion(request.name, path, job)
  if (version === request.version) return { name: request.name, path, version }
  throw new UserError(
    `${path} is ${request.name} ${version ?? 'of unknown version'}, but ${request.version} is wanted`,
    {
      fix: `Point ${input} to ${request.name} ${request.version}, or set ${request.name}-version to the version that is there.`,
      input,
    },
  )
}

async function findOnPath(request: ToolRequest, job: ToolJob): Promise<Tool> {
  const found: string[] = []
  for (const directory of (job.env.PATH ?? '').split(delimiter).filter(isAbsolute)) {
    const path = join(directory, request.name)
    if (!(await isExecutable(path))) continue
    const version = await askVersion(request.name, path, job)
    if (version === request.version) return { name: request.name, path, version }
    found.push(`${path} is ${version ?? 'of unknown version'}`)
  }
  const seen = found.length === 0 ? 'there is none on PATH' : `on PATH, ${found.join(', ')}`
  throw new UserError(`${request.name} ${request.version} is needed, but ${seen}`, {
    fix: `In a step before this one, ${kinds[request.name].install(request.version)}; or give ${request.name}-path.`,
    input: `${request.name}-path`,
  })
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
