import type { Permissions } from './permissions.ts'

/** A YAML value that may contain `${{ }}`. */
type Yaml = unknown

export type InputDefinition = {
  type: 'string' | 'boolean' | 'number' | 'choice' | 'environment'
  required: boolean
  default?: string | boolean | number
  options?: string[]
}

export type Workflow = {
  file: string
  name: string
  /** Names of the events that start it. */
  events: string[]
  /** By the events that can start it here; undefined where the workflow does not name the event. */
  dispatch: Record<string, InputDefinition> | undefined
  call:
    | {
        inputs: Record<string, InputDefinition>
        /** Whether a secret has to be given, by its name. */
        secrets: Record<string, boolean>
        outputs: Record<string, Yaml>
      }
    | undefined
  permissions: Permissions | undefined
  concurrency: Yaml
  env: Yaml
  workingDirectory: Yaml
  shell: Yaml
  jobs: JobDefinition[]
}

export type JobDefinition = {
  id: string
  name: Yaml
  needs: string[]
  /** The condition with GitHub's implied `success() &&`. */
  if: string
  permissions: Permissions | undefined
  concurrency: Yaml
  strategy: Yaml
  env: Yaml
  outputs: Record<string, Yaml>
  timeoutMinutes: Yaml
  continueOnError: Yaml
  workingDirectory: Yaml
  shell: Yaml
} & (
  | {
      kind: 'steps'
      runsOn: Yaml
      /** Name of the environment, '' for none. */
      environment: Yaml
      steps: (StepDefinition | ParallelSteps)[]
    }
  | { kind: 'call'; uses: string; with: Yaml; secrets: Yaml }
)

type StepWork =
  | { kind: 'run'; run: string }
  | { kind: 'action'; uses: string; with: Yaml }
  | { kind: 'checkout'; with: Yaml }

export type StepDefinition = {
  id: string | undefined
  name: Yaml
  if: string
  env: Yaml
  timeoutMinutes: Yaml
  continueOnError: Yaml
  workingDirectory: Yaml
  shell: Yaml
} & StepWork

/** A group of steps that run side by side; the next step waits for all of them. */
export type ParallelSteps = { kind: 'parallel'; steps: StepDefinition[] }
