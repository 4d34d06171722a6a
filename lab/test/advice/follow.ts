import { parse } from 'yaml'
import type { ActionName } from '../load-action.ts'
import type { Ran, Run } from '../ownership/run-here.ts'

/** A run of an action with exactly the inputs that a text names: `… run teardown with clusters: […], domain: … .` */
export function follow(text: string, action: ActionName): Run {
  const [, typed] = new RegExp(`${action} with (.+?)\\.(\\s|$)`).exec(text) ?? []
  if (typed === undefined) throw new Error(`no inputs for ${action} in: ${text}`)
  const given = parse(`{${typed}}`) as Record<string, unknown>
  const inputs = Object.entries(given).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return { action, inputs: Object.fromEntries(inputs) }
}

/** What one input must be set to, as a text says: `set repository to acme/other`. */
export function setting(text: string, input: string): Record<string, string> {
  const [, value] = new RegExp(`set ${input} to ([^ ,]+?)[.,]?( |$)`, 'im').exec(text) ?? []
  if (value === undefined) throw new Error(`nothing about ${input} in: ${text}`)
  return { [input]: value }
}

/** What a refused run has said; it must have been refused, and have left the world as it was. */
export function refusal({ error, differences }: Ran): string {
  if (error === undefined) throw new Error('the run was not refused')
  if (differences.length > 0) throw new Error(`a run that was refused has changed ${differences.join()}`)
  return error
}
