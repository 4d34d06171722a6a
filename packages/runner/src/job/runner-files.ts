import * as core from '@actions/core'
import { messageOf, UserError } from '../errors.ts'
import { explainSystemError } from '../system-errors.ts'

/**
 * What a step tells the runner through its files. Each throws a UserError that names the file where it cannot be written:
 * what the runner does not learn, no later step can rely on.
 */
export const saveState = (name: string, value: string): void =>
  write('GITHUB_STATE', () => core.saveState(name, value))

/** Sets an output; throws a UserError where the runner’s file cannot be written. */
export const setOutput = (name: string, value: unknown): void =>
  write('GITHUB_OUTPUT', () => core.setOutput(name, value))

/** Sets a variable of later steps; throws a UserError where the runner’s file cannot be written. */
export const exportVariable = (name: string, value: string): void =>
  write('GITHUB_ENV', () => core.exportVariable(name, value))

function write(variable: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    const known = explainSystemError(error)
    throw new UserError(
      `the file that ${variable} names cannot be written: ${known?.what ?? messageOf(error)}`,
      {
        fix:
          known?.fix ??
          'The runner makes that file for each step. In a container, mount the directory that it lies in at the same path, writable.',
      },
    )
  }
}
