import { homedir } from 'node:os'
import { UserError } from '../errors.ts'
import type { Environment } from '../inputs/inputs.ts'

const systems = new Set<string>(['linux', 'darwin'])
const processors = new Set<string>(['x64', 'arm64'])

/** Throws a UserError for a machine that nothing of this runs on: kops has no release for it, and signals mean other things. */
export function checkMachine(system: NodeJS.Platform, processor: string): void {
  if (systems.has(system) && processors.has(processor)) return
  const named = system === 'win32' ? 'Windows' : system
  throw new UserError(
    `this action runs on Linux and macOS with an x64 or arm64 processor, and not on ${named} (${processor})`,
    {
      fix: 'Set runs-on of the job to ubuntu-24.04, or to the label of a runner of your own on Linux or macOS.',
    },
  )
}

/**
 * The home directory for SDKs and tools: `HOME`, else the user's by the system, else `temp`. Services have no `HOME`, and a
 * container's user may have no name, for which Node and tools throw.
 */
export function homeOf({ HOME }: Environment, temp: string, ask: () => string = homedir): string {
  if (HOME) return HOME
  try {
    return ask()
  } catch {
    return temp
  }
}
