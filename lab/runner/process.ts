import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

type Stream = 'stdout' | 'stderr'

export type ProcessRequest = {
  command: string
  args: readonly string[]
  cwd: string
  env: Record<string, string | undefined>
  signal?: AbortSignal | undefined
  /** GitHub's by default. */
  patience?: Patience
  onLine(line: string, stream: Stream): void
}

/** How a process ended; `group` is its process group, which may still hold children. */
export type ProcessEnd = { exitCode: number; signal?: NodeJS.Signals; group: number }

/** Milliseconds between SIGINT and SIGTERM, and between SIGTERM and the end. */
export type Patience = { interrupt: number; terminate: number }

const githubsPatience: Patience = { interrupt: 7500, terminate: 2500 }
/** How long output is still read after the process itself has ended (a child may hold the pipe open). */
const drainPatience = 1000

/**
 * Runs a process in a group of its own and reports its output by line.
 * When the signal aborts, the process (not its children: GitHub does not reach them) gets SIGINT, after 7.5 s
 * SIGTERM and after another 2.5 s its whole group is killed.
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  const { command, args, cwd, env, signal, patience = githubsPatience } = request
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const readers = [follow(child.stdout, 'stdout', request), follow(child.stderr, 'stderr', request)]
  const stopCancelling = cancelOn(child, signal, patience)
  try {
    const end = await ended(child)
    await Promise.race([Promise.all(readers), wait(drainPatience)])
    return end
  } finally {
    stopCancelling()
  }
}

/**
 * Whether any process of the group is alive. Dead ones that nobody has collected do not count: in a container
 * whose first process is not an init, they stay in the table for ever.
 */
export function groupAlive(group: number): boolean {
  try {
    process.kill(-group, 0)
  } catch {
    return false
  }
  return process.platform !== 'linux' || readdirSync('/proc').some(entry => livesIn(group, entry))
}

function livesIn(group: number, entry: string): boolean {
  if (!/^\d+$/.test(entry)) return false
  try {
    const stat = readFileSync(`/proc/${entry}/stat`, 'latin1')
    // The name in parentheses may hold spaces; state, parent and group follow it.
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(processGroup) === group && state !== 'Z' && state !== 'X'
  } catch {
    return false
  }
}

/** Kills what is left of a process group; nothing left is fine. */
export function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // The group is already empty.
  }
}

function ended(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      const group = child.pid ?? 0
      resolve(signal ? { exitCode: code ?? 128, signal, group } : { exitCode: code ?? 1, group })
    })
  })
}

function cancelOn(child: ChildProcess, signal: AbortSignal | undefined, patience: Patience): () => void {
  const timers: NodeJS.Timeout[] = []
  const cancel = (): void => {
    child.kill('SIGINT')
    timers.push(setTimeout(() => child.kill('SIGTERM'), patience.interrupt))
    timers.push(setTimeout(() => child.pid && killGroup(child.pid), patience.interrupt + patience.terminate))
  }
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  return () => {
    signal?.removeEventListener('abort', cancel)
    for (const timer of timers) clearTimeout(timer)
  }
}

function follow(stream: Readable, name: Stream, request: ProcessRequest): Promise<void> {
  return new Promise(resolve => {
    const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
    lines.on('line', line => request.onLine(line, name))
    lines.once('close', resolve)
    lines.once('error', () => resolve())
  })
}

function wait(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds).unref())
}
