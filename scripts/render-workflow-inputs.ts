import { stringify } from 'yaml'
import type { ActionFile } from './action-files.ts'
import { renderInputs, renderOutputs } from './render-tables.ts'
import type { WorkflowInput, WorkflowInputs } from './shared-inputs.ts'

/** GitHub's limit for the inputs of `workflow_dispatch`; `workflow_call` has none. */
const mostInForm = 25

/**
 * The lists of inputs for people (`form`) and for callers (`call`), as they stand in the workflow file: what both have alike
 * is written once, under an anchor. Throws where the form has more than GitHub allows.
 */
export function renderWorkflowInputs({ all, form, inForm = {} }: WorkflowInputs): {
  form: string
  call: string
} {
  if (form.length > mostInForm)
    throw new Error(`the form has ${form.length} inputs, ${mostInForm} are allowed`)
  const shown = form.map(name => renderShown(name, all[name], inForm[name]))
  const called = Object.entries(all).map(([name, input]) =>
    form.includes(name) && inForm[name] === undefined
      ? `      ${name}: *${name}\n`
      : renderInput(name, input),
  )
  return { form: close(shown), call: close(called) }
}

function renderShown(name: string, input: WorkflowInput | undefined, other?: Partial<WorkflowInput>): string {
  if (input === undefined) throw new Error(`the form has '${name}', which callers do not have`)
  if (other === undefined) return renderInput(name, input, ` &${name}`)
  return renderInput(name, { ...input, ...other })
}

function renderInput(name: string, input: WorkflowInput, anchor = ''): string {
  const body = stringify(input, { lineWidth: 0, defaultStringType: 'PLAIN' })
  return `      ${name}:${anchor}\n${body.replace(/^/gm, '        ').trimEnd()}\n`
}

/** Indented like the mark that follows. */
const close = (inputs: string[]): string => `${inputs.join('')}      `

/** What callers give and get, as a page's tables by the name of the workflow. */
export function renderWorkflowTables(
  workflows: Readonly<Record<string, WorkflowInputs>>,
  outputsOf: (name: string) => ActionFile['outputs'],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(workflows).map(([name, { all }]) => {
      const inputs = Object.entries(all).map(([input, { default: preset, ...rest }]) => [
        input,
        { ...rest, ...(preset !== undefined && { default: String(preset) }) },
      ])
      const described = {
        name,
        description: '',
        inputs: Object.fromEntries(inputs),
        outputs: outputsOf(name),
      }
      return [name, `${renderInputs(described)}\n${renderOutputs(described as ActionFile)}`]
    }),
  )
}
