import { record, refuseUnknownKeys, UnsupportedError } from './supported-syntax.ts'
import type { Conditions } from './workflow-file.ts'
import type { JobDefinition, StepDefinition } from './workflow-model.ts'

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
const stepJobKeys = [...sharedKeys, 'runs-on', 'env', 'defaults', 'steps', 'timeout-minutes']
const callJobKeys = [...sharedKeys, 'uses', 'with', 'secrets']
const stepKeys = ['id', 'if', 'name', 'env', 'continue-on-error', 'timeout-minutes']
const checkoutOptions = ['persist-credentials', 'fetch-depth', 'show-progress', 'clean']

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
    strategy: job.strategy,
    env: job.env,
    outputs: record(job.outputs ?? {}, `${where}: outputs`),
    timeoutMinutes: job['timeout-minutes'] ?? 360,
    continueOnError: job['continue-on-error'] ?? false,
    workingDirectory: defaults['working-directory'],
    shell: defaults.shell,
  }
  if (typeof job.uses === 'string') return { ...common, ...readCall(job, where) }
  requireUbuntu(job['runs-on'], where)
  const steps = Array.isArray(job.steps) ? job.steps : []
  return {
    ...common,
    kind: 'steps',
    steps: steps.map((step, at) => {
      const name = `${where}, step ${at + 1}`
      return readStep(record(step, name), condition?.steps[at] ?? 'success()', name)
    }),
  }
}

function readCall(job: Record<string, unknown>, where: string) {
  const uses = String(job.uses)
  if (!uses.startsWith('./'))
    throw new UnsupportedError(`${where}: only local workflows (uses: ./…) run here, not ${uses}`)
  return { kind: 'call' as const, uses, with: job.with, secrets: job.secrets }
}

function requireUbuntu(runsOn: unknown, where: string): void {
  if (typeof runsOn === 'string' && runsOn.startsWith('ubuntu-')) return
  throw new UnsupportedError(`${where}: runs-on ${JSON.stringify(runsOn)} is not supported, only ubuntu-…`)
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
  if (uses.startsWith('./')) return { kind: 'action' as const, path: uses, with: inputs }
  if (!uses.startsWith('actions/checkout@')) {
    throw new UnsupportedError(
      `${where}: only actions/checkout and local actions (uses: ./…) run here, not ${uses}`,
    )
  }
  refuseUnknownKeys(record(inputs ?? {}, `${where}: with`), checkoutOptions, `${where}: checkout`)
  return { kind: 'checkout' as const, with: inputs }
}

function listOf(value: unknown): string[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value.map(String) : [String(value)]
}
