import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FileCommandError, parseFileCommands, parsePathFile } from './file-commands.ts'

/** What a step left in its environment files. */
export type FileEffects = {
  outputs: Record<string, string>
  state: Record<string, string>
  env: Record<string, string>
  path: string[]
  summary: string
  problems: string[]
}

export type CommandFiles = {
  env: Record<string, string>
  read(): Promise<FileEffects>
  remove(): Promise<void>
}

/** GitHub's limit for the summary of one step. */
const summaryLimit = 1024 * 1024
const names = ['output', 'state', 'env', 'path', 'step_summary'] as const

/** Makes the five files that a step writes to, in a fresh directory below `temp`. */
export async function createCommandFiles(temp: string): Promise<CommandFiles> {
  const directory = join(temp, '_runner_file_commands', crypto.randomUUID())
  await mkdir(directory, { recursive: true })
  const file = (name: (typeof names)[number]): string => join(directory, name)
  await Promise.all(names.map(name => writeFile(file(name), '')))
  const env = Object.fromEntries(names.map(name => [`GITHUB_${name.toUpperCase()}`, file(name)]))
  return {
    env,
    read: async () => {
      const [output, state, variables, path, summary] = await Promise.all(
        names.map(name => readText(file(name))),
      )
      return effects({ output, state, variables, path, summary })
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}

type Contents = Record<'output' | 'state' | 'variables' | 'path' | 'summary', string | undefined>

function effects(contents: Contents): FileEffects {
  const problems: string[] = []
  const parse = (what: string, content = ''): Record<string, string> => {
    try {
      return parseFileCommands(content)
    } catch (error) {
      if (!(error instanceof FileCommandError)) throw error
      problems.push(`Unable to process file command '${what}' successfully. ${error.message}`)
      return {}
    }
  }
  const outputs = parse('output', contents.output)
  const state = parse('state', contents.state)
  const env = parse('env', contents.variables)
  if ('NODE_OPTIONS' in env) {
    problems.push(
      "Unable to process file command 'env' successfully. Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
    )
    delete env.NODE_OPTIONS
  }
  return {
    outputs,
    state,
    env,
    path: parsePathFile(contents.path ?? ''),
    summary: checkedSummary(contents.summary ?? '', problems),
    problems,
  }
}

function checkedSummary(summary: string, problems: string[]): string {
  const size = Buffer.byteLength(summary)
  if (size <= summaryLimit) return summary
  problems.push(
    `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${Math.ceil(size / 1024)}k`,
  )
  return ''
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}
