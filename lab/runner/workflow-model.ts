/** A YAML value that may contain `${{ }}`. */
export type Yaml = unknown

export type InputDefinition = {
  type: 'string' | 'boolean' | 'number' | 'choice' | 'environment'
  required: boolean
  default?: string | boolean | number
  options?: string[]
}

export type Workflow = {
  file: string
  name: string
  /** By the events that can start it here; undefined where the workflow does not name the event. */
  dispatch: Record<string, InputDefinition> | undefined
  call: { inputs: Record<string, InputDefinition>; outputs: Record<string, Yaml> } | undefined
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
  strategy: Yaml
  env: Yaml
  outputs: Record<string, Yaml>
  timeoutMinutes: Yaml
  continueOnError: Yaml
  workingDirectory: Yaml
  shell: Yaml
} & ({ kind: 'steps'; steps: StepDefinition[] } | { kind: 'call'; uses: string; with: Yaml; secrets: Yaml })

export type StepDefinition = {
  id: string | undefined
  name: Yaml
  if: string
  env: Yaml
  timeoutMinutes: Yaml
  continueOnError: Yaml
  workingDirectory: Yaml
  shell: Yaml
} & (
  | { kind: 'run'; run: string }
  | { kind: 'action'; path: string; with: Yaml }
  | { kind: 'checkout'; with: Yaml }
)
