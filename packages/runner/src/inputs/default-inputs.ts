import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { type Environment, inputVariable } from './inputs.ts'

/** Defaults of inputs by the variables that they come in. */
export type Defaults = Readonly<Record<string, string>>

/** Where the build writes an action's defaults, beside its entry file: reading YAML costs a start 30 ms. */
export const defaultsFile = 'defaults.json'

/**
 * The defaults of an action by its entry file: as they were built beside it (`dist/index.js`), or by the `action.yml` above
 * (`src/main.ts`); none where there is neither.
 */
export function readDefaults(entry: string | undefined): Defaults {
  if (entry === undefined) return {}
  const built = read(join(dirname(entry), defaultsFile))
  return built === '' ? defaultsOf(read(join(dirname(entry), '../action.yml'))) : JSON.parse(built)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The defaults that the text of an `action.yml` names. Those that are expressions stay with GitHub. */
export function defaultsOf(actionFile: string): Defaults {
  const { inputs = {} } = (parse(actionFile) ?? {}) as { inputs?: Record<string, { default?: unknown }> }
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, { default: preset }]) =>
      preset === undefined || String(preset).includes('${{') ? [] : [[inputVariable(name), String(preset)]],
    ),
  )
}

/**
 * The environment with the default of each input that was given blank. GitHub puts a default only where a step does not name
 * the input, and a called workflow names all: what its own form or a schedule does not have then arrives as nothing.
 */
export function fillDefaults(env: Environment, defaults: Defaults): Environment {
  const blank = Object.entries(defaults).filter(([variable]) => env[variable]?.trim() === '')
  return blank.length === 0 ? env : { ...env, ...Object.fromEntries(blank) }
}
