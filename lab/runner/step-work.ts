import type { JobState } from './job-state.ts'
import type { Annotation } from './workflow-commands.ts'

/** How a step's own work ended, before `continue-on-error` and time limits are looked at. */
export type StepEnd = {
  ok: boolean
  annotations: Annotation[]
  outputs: Record<string, string>
  summary: string
}

export type StepWork = { state: JobState; signal: AbortSignal; onLine(line: string): void }
