import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { type Environment, inputVariable } from './inputs.ts'

/** The text of the `action.yml` above an action's entry file (`dist/index.js`, `src/main.ts`); '' where there is none. */
export function readActionFile(entry: string | undefined): string {
  try {
    return entry ? readFileSync(join(dirname(entry), '../action.yml'), 'utf8') : ''
  } catch {
    return ''
  }
}

/**
 * The environment with the default of each input that was given blank. GitHub puts a default only where a step does not name
 * the input, and a called workflow names all: what its own form or a schedule does not have then arrives as nothing. Defaults
 * that are expressions stay with GitHub.
 */
export function fillDefaults(env: Environment, actionFile: string): Environment {
  const { inputs = {} } = (parse(actionFile) ?? {}) as { inputs?: Record<string, { default?: unknown }> }
  const blank = Object.entries(inputs).flatMap(([name, { default: preset }]) => {
    const variable = inputVariable(name)
    const isPlain = preset !== undefined && !String(preset).includes('${{')
    return isPlain && env[variable]?.trim() === '' ? [[variable, String(preset)] as const] : []
  })
  return blank.length === 0 ? env : { ...env, ...Object.fromEntries(blank) }
}
