import { isFields } from '@meridian/lab-world/json'
import { readPermissions } from './permissions.ts'
import { parseUses } from './repositories.ts'
import type { Conditions, StepCondition } from './step-conditions.ts'
import { record, refuseUnknownKeys, UnsupportedError } from './supported-syntax.ts'
import type { JobDefinition, ParallelSteps, StepDefinition } from './workflow-model.ts'

const sharedKeys = [
  'name',
  'needs',
  'permissions',
  'if',
  'concurrency',
  'strategy',
  'outputs',
  'continue-on-error',
]
const stepJobKeys = [...sharedKeys, 'runs-on', 'environment', 'env', 'defaults', 'steps', 'timeout-minutes']
const callJobKeys = [...sharedKeys, 'uses', 'with', 'secrets']
const stepKeys = ['id', 'if', 'name', 'env', 'continue-on-error', 'timeout-minutes']
const checkoutOptions = ['ref', 'persist-credentials', 'fetch-depth', 'show-progress', 'clean']

/** Turns a job's YAML into the model, refusing what this runner does not carry out. */
export function readJob(id: string, job: Record<string, unknown>, conditions: Conditions): JobDefinition {
  const where = `job ${id}`
  refuseUnknownKeys(job, 'uses' in job ? callJobKeys : stepJobKeys, where)
  const defaults = record(
    record(job.defaults ?? {}, `${where}: defaults`).run ?? {},
    `${where}: defaults.run`,
  )
  const condition = conditions.get(id)
  const common = {
    id,
    name: job.name,
    needs: listOf(job.needs),
    if: condition?.job ?? 'success()',
    permissions: readPermissions(job.permissions, where),
    concurrency: job.concurrency,
    strategy: job.strategy,
    env: job.env,
    outputs: record(job.outputs ?? {}, `${where}: outputs`),
    timeoutMinutes: job['timeout-minutes'] ?? 360,
    continueOnError: job['continue-on-error'] ?? false,
    workingDirectory: defaults['working-directory'],
    shell: defaults.shell,
  }
  if (typeof job.uses === 'string') {
    parseUses(job.uses)
    return { ...common, kind: 'call', uses: job.uses, with: job.with, secrets: job.secrets }
  }
  if (!String(job['runs-on']).includes('${{')) requireUbuntu(job['runs-on'], where)
  return {
    ...common,
    kind: 'steps',
    runsOn: job['runs-on'],
    environment: readEnvironment(job.environment, where),
    steps: readSteps(job.steps, condition?.steps ?? [], where),
  }
}

/** The name alone: what a deployment of it shows is between GitHub and its API. */
function readEnvironment(environment: unknown, where: string): unknown {
  if (!isFields(environment)) return environment ?? ''
  refuseUnknownKeys(environment, ['name', 'url', 'deployment'], `${where}: environment`)
  return environment.name
}

/** Labels of the one machine that there is: an Ubuntu, hosted by GitHub or oneself. */
export function requireUbuntu(runsOn: unknown, where: string): void {
  const labels = Array.isArray(runsOn) ? runsOn : [runsOn]
  if (labels.some(label => label === 'self-hosted' || String(label).startsWith('ubuntu-'))) return
  throw new UnsupportedError(`${where}: runs-on ${JSON.stringify(runsOn)} is not supported, only ubuntu-…`)
}

function readSteps(
  steps: unknown,
  conditions: StepCondition[],
  where: string,
): (StepDefinition | ParallelSteps)[] {
  return (Array.isArray(steps) ? steps : []).map((given, at) => {
    const name = `${where}, step ${at + 1}`
    const step = record(given, name)
    const condition = conditions[at] ?? { if: 'success()', parallel: [] }
    if (!('parallel' in step)) return readStep(step, condition.if, name)
    refuseUnknownKeys(step, ['parallel'], name)
    const inner = readSteps(step.parallel, condition.parallel, name)
    return { kind: 'parallel', steps: inner.filter(each => each.kind !== 'parallel') }
  })
}

function readStep(step: Record<string, unknown>, condition: string, where: string): StepDefinition {
  const common = {
    id: typeof step.id === 'string' ? step.id : undefined,
    name: step.name,
    if: condition,
    env: step.env,
    timeoutMinutes: step['timeout-minutes'],
    continueOnError: step['continue-on-error'] ?? false,
    workingDirectory: step['working-directory'],
    shell: step.shell,
  }
  if (typeof step.run === 'string') {
    refuseUnknownKeys(step, [...stepKeys, 'run', 'shell', 'working-directory'], where)
    return { ...common, kind: 'run', run: step.run }
  }
  refuseUnknownKeys(step, [...stepKeys, 'uses', 'with'], where)
  return { ...common, ...readUses(String(step.uses), step.with, where) }
}

function readUses(uses: string, inputs: unknown, where: string) {
  if (parseUses(uses)?.slug !== 'actions/checkout') return { kind: 'action' as const, uses, with: inputs }
  refuseUnknownKeys(record(inputs ?? {}, `${where}: with`), checkoutOptions, `${where}: checkout`)
  return { kind: 'checkout' as const, with: inputs }
}

function listOf(value: unknown): string[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value.map(String) : [String(value)]
}
