import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { deepFreeze, isFields } from '@meridian/lab-world/json'
import { parse } from 'yaml'
import { readPermissions } from './permissions.ts'
import type { Conditions, StepCondition } from './step-conditions.ts'
import { record, refuseUnknownKeys, UnsupportedError } from './supported-syntax.ts'
import { readJob } from './workflow-jobs.ts'
import type { InputDefinition, Workflow } from './workflow-model.ts'
import './json-imports.ts'

const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await import(
  '@actions/workflow-parser'
)

const workflowKeys = ['name', 'run-name', 'on', 'permissions', 'concurrency', 'env', 'defaults', 'jobs']

/**
 * Reads a workflow file: GitHub's own parser checks it first (schema, contexts, needs), then everything that this
 * runner does not carry out is refused by name.
 */
export async function readWorkflow(file: string): Promise<Workflow> {
  return parseWorkflowText(file, await readFile(file, 'utf8'))
}

/** By file and text: jobs and tests read the same files again and again, and GitHub's parser takes its time. */
const read = new Map<string, Promise<Workflow>>()

/** The same for a text; `file` names it in errors. */
export function parseWorkflowText(file: string, content: string): Promise<Workflow> {
  const key = `${file}\0${content}`
  const known = read.get(key) ?? parseAnew(file, content)
  read.set(key, known)
  return known
}

async function parseAnew(file: string, content: string): Promise<Workflow> {
  const conditions = await checkWithGithubsParser(file, content)
  try {
    return deepFreeze(convert(file, record(parse(content), 'the workflow'), conditions))
  } catch (error) {
    if (error instanceof UnsupportedError) throw new Error(`${file}: ${error.message}`, { cause: error })
    throw error
  }
}

async function checkWithGithubsParser(file: string, content: string): Promise<Conditions> {
  const { context, value } = parseWorkflow({ name: basename(file), content }, new NoOperationTraceWriter())
  const problems = (): string[] => context.errors.getErrors().map(error => error.message)
  if (!value || problems().length > 0)
    throw new Error(`${file} is not a valid workflow:\n${problems().join('\n')}`)
  const template = await convertWorkflowTemplate(context, value)
  const errors = template.errors?.map(error => error.Message) ?? []
  if (errors.length > 0) throw new Error(`${file} is not a valid workflow:\n${errors.join('\n')}`)
  return new Map(
    template.jobs.map(job => {
      const steps = job.type === 'job' ? job.steps.map(conditionOf) : []
      return [job.id.value, { job: job.if.expression, steps }]
    }),
  )
}

type ParsedStep = { if?: { expression: string }; parallel?: ParsedStep[] }

function conditionOf(step: ParsedStep): StepCondition {
  return { if: step.if?.expression ?? 'success()', parallel: (step.parallel ?? []).map(conditionOf) }
}

function convert(file: string, document: Record<string, unknown>, conditions: Conditions): Workflow {
  refuseUnknownKeys(document, workflowKeys, 'the workflow')
  const on = eventsOf(document.on)
  const defaults = record(record(document.defaults ?? {}, 'defaults').run ?? {}, 'defaults.run')
  return {
    file,
    name: typeof document.name === 'string' ? document.name : basename(file),
    events: Object.keys(on),
    dispatch: 'workflow_dispatch' in on ? readInputs(on.workflow_dispatch) : undefined,
    call: 'workflow_call' in on ? readCall(on.workflow_call) : undefined,
    permissions: readPermissions(document.permissions, 'the workflow'),
    concurrency: document.concurrency,
    env: document.env,
    workingDirectory: defaults['working-directory'],
    shell: defaults.shell,
    jobs: Object.entries(record(document.jobs, 'jobs')).map(([id, job]) =>
      readJob(id, record(job, id), conditions),
    ),
  }
}

/** `on: x`, `on: [x, y]` and `on: { x: … }` mean the same. */
function eventsOf(on: unknown): Record<string, unknown> {
  if (isFields(on)) return on
  return Object.fromEntries((Array.isArray(on) ? on : [on]).map(event => [String(event), null]))
}

function readInputs(event: unknown): Record<string, InputDefinition> {
  const inputs = isFields(event) && isFields(event.inputs) ? event.inputs : {}
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, readInput(input)]))
}

function readInput(input: unknown): InputDefinition {
  const { type = 'string', required, default: value, options } = isFields(input) ? input : {}
  return {
    type: inputType(type),
    required: required === true,
    ...(isScalar(value) && { default: value }),
    ...(Array.isArray(options) && { options: options.map(String) }),
  }
}

function inputType(type: unknown): InputDefinition['type'] {
  if (type === 'boolean' || type === 'number' || type === 'choice' || type === 'environment') return type
  return 'string'
}

function readCall(event: unknown): NonNullable<Workflow['call']> {
  const { secrets = {}, outputs = {} } = isFields(event) ? event : {}
  const each = <T>(given: unknown, read: (value: Record<string, unknown>) => T) =>
    Object.fromEntries(
      Object.entries(record(given, 'workflow_call')).map(([name, value]) => [
        name,
        read(isFields(value) ? value : {}),
      ]),
    )
  return {
    inputs: readInputs(event),
    secrets: each(secrets, secret => secret.required === true),
    outputs: each(outputs, output => output.value),
  }
}

function isScalar(value: unknown): value is string | boolean | number {
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number'
}
