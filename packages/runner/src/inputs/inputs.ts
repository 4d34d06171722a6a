import { messageOf, UserError } from '../errors.ts'
import type { Parser } from './parsers.ts'

/** The process environment, or a literal in tests. */
export type Environment = Readonly<Record<string, string | undefined>>

/** How one input is read: `undefined` stands for an input that was not given. */
export type Field<T> = ((raw: string | undefined) => T) & { readonly secret?: true }

export type Problem = { input: string; message: string }

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name

/** The frozen object that a spec of kebab-case inputs yields, in camelCase. */
export type InputsOf<Spec extends Record<string, Field<unknown>>> = {
  readonly [Name in keyof Spec as Camel<Name & string>]: Spec[Name] extends Field<infer T> ? T : never
}

/** An input that must be given, here or by its default in action.yml. */
export function required<T>(parse: Parser<T>): Field<T> {
  return raw => {
    if (raw === undefined) throw new Error('is required, but it was not given')
    return parse(raw)
  }
}

/** An input that may be left out. */
export function optional<T>(parse: Parser<T>): Field<T | undefined> {
  return raw => (raw === undefined ? undefined : parse(raw))
}

/** An input whose text is secret: what is wrong with it is said without any of it. */
export function secret<T>(field: Field<T>): Field<T> {
  return Object.assign((raw: string | undefined) => field(raw), { secret: true as const })
}

/**
 * Makes the reader of an action's inputs: every input is read before anything else happens, and all problems
 * are reported in one UserError. `check` looks at inputs together, and only when each is valid alone.
 */
export function defineInputs<Spec extends Record<string, Field<unknown>>>(
  spec: Spec,
  check: (inputs: InputsOf<Spec>) => Problem[] = () => [],
): (env: Environment) => InputsOf<Spec> {
  return env => {
    const problems: Problem[] = []
    const values: Record<string, unknown> = {}
    for (const [name, field] of Object.entries(spec)) {
      const raw = readRaw(env, name)
      try {
        values[camelCase(name)] = field(raw)
      } catch (error) {
        const why = raw?.includes('${{') ? unfilled : messageOf(error)
        problems.push({
          input: name,
          message: raw === undefined || field.secret ? why : `${quote(raw)} ${why}`,
        })
      }
    }
    const inputs = Object.freeze(values) as InputsOf<Spec>
    if (problems.length === 0) problems.push(...check(inputs))
    if (problems.length > 0) throw inputError(problems)
    return inputs
  }
}

/** The text that GitHub's runner passes for an input; blank means not given. */
function readRaw(env: Environment, name: string): string | undefined {
  const raw = env[inputVariable(name)]?.trim()
  return raw === '' ? undefined : raw
}

/** The variable by which GitHub's runner passes an input: hyphens stay. */
export function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`
}

/** The name under which an input's value is read: `nodeSize` for `node-size`. */
export function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

const unfilled =
  'is an expression that nobody has filled in: GitHub does so where it stands in a workflow itself, and not in a file, a variable or an input that was typed'

function quote(raw: string): string {
  const line = raw.split('\n')[0] ?? ''
  return `'${line.length > 60 || line !== raw ? `${line.slice(0, 60)}…` : line}'`
}

function inputError(problems: Problem[]): UserError {
  const lines = problems.map(({ input, message }) => `${input}: ${message}`)
  const headline =
    lines.length === 1
      ? `input ${lines[0]}`
      : `${lines.length} inputs are not valid:\n${lines.map(line => `- ${line}`).join('\n')}`
  const first = problems[0]
  return new UserError(headline, {
    fix: "Correct this under the step's `with:`. Nothing has been changed.",
    ...(first && problems.length === 1 ? { input: first.input } : {}),
  })
}
