import type { FileEffects } from './command-files.ts'
import type { Annotation } from './workflow-commands.ts'

export type StepProcess = Omit<FileEffects, 'problems'> & {
  exitCode: number
  signal?: NodeJS.Signals
  /** Everything the process wrote, workflow commands included. */
  stdout: string
  stderr: string
  annotations: Annotation[]
  masks: string[]
  seconds: number
  /** The process group, and whether children were still alive in it when the entry process ended. */
  group: number
  orphans: boolean
}
