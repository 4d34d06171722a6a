import type { Result } from 'execa'
import { headlineOf } from './headline.ts'
import { createLineRedactor, redact } from './redact.ts'
import { ToolFailure } from './tool-failure.ts'

/** After SIGINT a tool has this long to end by itself, well within the runner's 7.5 s. */
const forceKillMilliseconds = 3_000
const maxOutputCharacters = 20_000_000

export type RunOptions = {
  /** The whole environment of the child, as from `childEnvironment`. */
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Each line as it comes, redacted. Print it through the job's log, which keeps it from being a command. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void
  readonly stdin?: string
  /** Exit codes that are answers, not failures; 0 is one always. */
  readonly accept?: readonly number[]
  /** Milliseconds. */
  readonly timeout?: number
  readonly cwd?: string
  /** Milliseconds from SIGINT to SIGKILL; three seconds unless told. */
  readonly grace?: number
  /** Values that must not appear in anything that this returns, throws or streams. */
  readonly secrets?: readonly string[]
}

export type ToolResult = {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
  readonly seconds: number
}

/**
 * Runs a tool without a shell. Aborting the signal sends it SIGINT, and SIGKILL if it stays; the promise
 * then rejects with the signal's reason, so that a cancelled run is not told as a failure of the tool.
 */
export async function runTool(
  tool: { readonly name: string; readonly path: string },
  args: readonly string[],
  options: RunOptions,
): Promise<ToolResult> {
  options.signal.throwIfAborted()
  const clean = (text: string) => redact(text, options.secrets)
  const stream = (name: 'stdout' | 'stderr') => {
    const cleanLine = createLineRedactor(options.secrets)
    return function* (line: unknown) {
      options.onLine?.(cleanLine(String(line)), name)
      yield line
    }
  }
  // Whatever comes before the first tool need not wait for it.
  const { execa } = await import('execa')
  const result = await execa(tool.path, [...args], {
    env: options.env,
    extendEnv: false,
    cancelSignal: options.signal,
    killSignal: 'SIGINT',
    forceKillAfterDelay: options.grace ?? forceKillMilliseconds,
    maxBuffer: maxOutputCharacters,
    reject: false,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    ...(options.stdin === undefined ? { stdin: 'ignore' as const } : { input: options.stdin }),
    ...(options.timeout !== undefined && { timeout: options.timeout }),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  })
  options.signal.throwIfAborted()
  return judge(tool.name, result, options, clean)
}

function judge(
  tool: string,
  result: Result,
  options: RunOptions,
  clean: (text: string) => string,
): ToolResult {
  const stdout = clean(String(result.stdout ?? ''))
  const stderr = clean(String(result.stderr ?? ''))
  const seconds = result.durationMs / 1000
  const { exitCode } = result
  if (
    exitCode !== undefined &&
    !result.timedOut &&
    !result.isMaxBuffer &&
    [0, ...(options.accept ?? [])].includes(exitCode)
  ) {
    return { stdout, stderr, exitCode, seconds }
  }
  throw new ToolFailure({
    tool,
    command: clean(result.escapedCommand),
    exitCode,
    signal: result.signal,
    timedOut: result.timedOut,
    cancelled: result.isCanceled,
    seconds,
    headline: headlineOf(stderr, stdout) || clean(result.originalMessage ?? ''),
    stdout,
    stderr,
    ...(exitCode === undefined && { cause: result.cause }),
  })
}
