import type { Environment } from './command.ts'
import { klogLine } from './klog.ts'

/** Where a tool reads its environment and writes what it says. */
export type Terminal = {
  env: Environment
  out(text: string): void
  err(text: string): void
  log(severity: 'I' | 'W' | 'E' | 'F', source: string, message: string): void
}

/** A failure that the tool reports in its own words, without a stack. */
export class ToolError extends Error {
  override readonly name = 'ToolError'
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    env: process.env,
    out: text => void process.stdout.write(text),
    err: text => void process.stderr.write(text),
    log: (severity, source, message) => void process.stderr.write(klogLine(severity, source, message)),
  }
}
