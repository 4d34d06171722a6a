import './json-imports.ts'

/** The effective `if` of a step; `parallel` has those of the steps of a group. */
export type StepCondition = { if: string; parallel: StepCondition[] }

/** The effective `if` of each job and of each of its steps, by job id. */
export type Conditions = Map<string, { job: string; steps: StepCondition[] }>
