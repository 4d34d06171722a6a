import type { InputDefinition } from './workflow-model.ts'

export type InputValue = string | boolean | number

/** Inputs that the workflow's own definitions refuse; the message lists every problem. */
class InvalidInputsError extends Error {
  override name = 'InvalidInputsError'
}

/**
 * Checks the given inputs of a run against their definitions and fills in defaults, typed as the `inputs` context
 * has them. Throws one InvalidInputsError. `given` holds text (from a form) or typed values (from a call).
 */
export function checkInputs(
  definitions: Record<string, InputDefinition>,
  given: Readonly<Record<string, InputValue>>,
): Record<string, InputValue> {
  const problems = Object.keys(given)
    .filter(name => !(name in definitions))
    .map(name => `there is no input "${name}"; known are ${Object.keys(definitions).join(', ') || 'none'}`)
  const values = Object.entries(definitions).map(([name, definition]) => {
    const value = given[name] ?? ''
    if (value === '' && definition.required && definition.default === undefined)
      problems.push(`input "${name}" is required`)
    const typed = typedValue(definition, value === '' ? (definition.default ?? '') : value)
    if (typed === undefined)
      problems.push(`input "${name}": ${JSON.stringify(value)} is not ${allowed(definition)}`)
    return [name, typed ?? ''] as const
  })
  if (problems.length > 0) throw new InvalidInputsError(`invalid workflow inputs: ${problems.join('; ')}`)
  return Object.fromEntries(values)
}

function typedValue({ type, options }: InputDefinition, value: InputValue): InputValue | undefined {
  const text = String(value)
  if (type === 'boolean') return text === 'true' ? true : text === 'false' || text === '' ? false : undefined
  if (type === 'number') return Number.isNaN(Number(text)) ? undefined : Number(text)
  if (type === 'choice') return options?.includes(text) ? text : undefined
  return text
}

function allowed({ type, options }: InputDefinition): string {
  if (type === 'choice') return `one of ${(options ?? []).join(', ')}`
  return type === 'boolean' ? 'true or false' : `a ${type}`
}
