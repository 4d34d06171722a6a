import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deepFreeze, isFields } from '@meridian/lab-world/json'
import { parse } from 'yaml'

/** What the runner needs of an `action.yml`. */
export type ActionFile = {
  name: string
  inputs: Record<string, { required: boolean; default: string | undefined }>
  outputs: string[]
  main: string
  post: string | undefined
  postIf: string
}

/** An action of steps, as YAML still: they are read like those of a workflow. */
export type CompositeAction = Pick<ActionFile, 'name' | 'inputs'> & {
  /** Expressions over the action's own steps. */
  outputs: Record<string, unknown>
  steps: unknown
}

/** Reads `action.yml` of a JavaScript action; any other kind is refused. */
export async function readActionFile(directory: string): Promise<ActionFile> {
  const action = await readAction(directory)
  if ('steps' in action) throw new Error(`${directory} is a composite action`)
  return action
}

/**
 * Reads `action.yml`. Container actions, `pre`, and other Node versions than 24 are refused: they are not simulated.
 */
export async function readAction(directory: string): Promise<ActionFile | CompositeAction> {
  const path = join(directory, 'action.yml')
  const document = parseOnce(await readFile(path, 'utf8'))
  if (!isFields(document) || !isFields(document.runs)) throw new Error(`${path} has no \`runs\``)
  const { using, main, pre, post, 'post-if': postIf, steps } = document.runs
  const outputs = isFields(document.outputs) ? document.outputs : {}
  const common = { name: String(document.name), inputs: readInputs(document.inputs) }
  if (using === 'composite') {
    const values = Object.entries(outputs).map(([name, output]) => [name, isFields(output) && output.value])
    return { ...common, outputs: Object.fromEntries(values), steps }
  }
  if (using !== 'node24')
    throw new Error(
      `${path}: runs.using ${JSON.stringify(using)} is not supported, only node24 and composite`,
    )
  if (pre !== undefined) throw new Error(`${path}: runs.pre is not supported`)
  if (typeof main !== 'string') throw new Error(`${path}: runs.main is missing`)
  return {
    ...common,
    outputs: Object.keys(outputs),
    main,
    post: typeof post === 'string' ? post : undefined,
    postIf: typeof postIf === 'string' ? postIf : 'always()',
  }
}

const documents = new Map<string, unknown>()

/** The same actions are run again and again. */
function parseOnce(text: string): unknown {
  const known = documents.get(text) ?? deepFreeze(parse(text))
  documents.set(text, known)
  return known
}

/** Given values over defaults, and a warning text for inputs that the action does not have. */
export function inputValues(action: Pick<ActionFile, 'inputs'>, given: Record<string, string>) {
  const known = Object.keys(action.inputs)
  const unknown = Object.keys(given).filter(
    name => !known.some(other => other.toLowerCase() === name.toLowerCase()),
  )
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? ''] as const)
  const quote = (names: string[]): string => names.map(name => `'${name}'`).join(', ')
  const warning =
    unknown.length > 0
      ? `Unexpected input(s) ${quote(unknown)}, valid inputs are [${quote(known)}]`
      : undefined
  return { values: { ...Object.fromEntries(defaults), ...given }, warning }
}

/** The INPUT_* variables of a step: names in upper case with spaces as underscores (hyphens stay). */
export function inputVariables(action: Pick<ActionFile, 'inputs'>, given: Record<string, string>) {
  const { values, warning } = inputValues(action, given)
  const env = Object.fromEntries(Object.entries(values).map(([name, value]) => [variable(name), value]))
  return { env, warning }
}

function variable(input: string): string {
  return `INPUT_${input.replaceAll(' ', '_').toUpperCase()}`
}

function readInputs(inputs: unknown): ActionFile['inputs'] {
  const entries = Object.entries(isFields(inputs) ? inputs : {})
  return Object.fromEntries(
    entries.map(([name, input]) => {
      const { required, default: value } = isFields(input) ? input : {}
      return [
        name,
        {
          required: required === true,
          default: value === undefined || value === null ? undefined : String(value),
        },
      ]
    }),
  )
}
