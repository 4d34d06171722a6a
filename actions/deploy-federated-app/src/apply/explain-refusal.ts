import { isConflict, isRefusal, KubeError } from '@meridian/kube'
import { markdown, messageOf, UserError } from '@meridian/runner'

const { code, part, table } = markdown

/** A field that an object states and somebody else owns. */
export type Conflict = { object: string; field: string; owner: string }
export type Refusal = { object: string; error: unknown }

/** Whether asking again would be answered the same. */
export function isFinal(error: unknown): boolean {
  const isOurs = error instanceof UserError || error instanceof AggregateError
  return isOurs || isRefusal(error) || isConflict(error)
}

/**
 * One error for all objects that the federation refused: conflicts by field, what is invalid in its own words. An
 * AggregateError is several refusals of one object.
 */
export function explainRefusals(given: readonly Refusal[]): unknown {
  const refusals = given.flatMap(({ object, error }) =>
    error instanceof AggregateError
      ? error.errors.map(each => ({ object, error: each }))
      : [{ object, error }],
  )
  const told = refusals.flatMap(({ error }) => (error instanceof UserError ? [error] : []))
  const unknown = refusals.find(({ error }) => !(error instanceof KubeError || error instanceof UserError))
  if (unknown) return unknown.error
  const [foreign] = told
  if (foreign) return new UserError(told.map(({ message }) => message).join('; '), foreign)
  const conflicts = listConflicts(refusals)
  const refused = refusals.filter(({ error }) => isRefusal(error))
  const fixed = refused.filter(({ error }) => listFixed(error).length > 0)
  const rest = refusals.find(({ error }) => !isRefusal(error) && !isConflict(error))
  if (rest && conflicts.length === 0) return rest.error
  const words = [
    ...section(
      'fields that the manifests state belong to others:',
      conflicts.map(({ object, field, owner }) => `${object}: ${field} is ${owner}'s`),
    ),
    ...section(
      'the federation refuses what the manifests say:',
      refused.flatMap(({ object, error }) => wordsOf(error).map(each => `${object}: ${each}`)),
    ),
  ]
  const fixes = [
    ...(conflicts.length > 0
      ? [
          'Leave fields of others out of the manifests, let their owner give them up, or take them over with adopt: true.',
        ]
      : []),
    ...(fixed.length > 0 ? [replaceAdvice(fixed.map(({ object }) => object))] : []),
    ...(refused.length > fixed.length ? ['Correct the manifests, or grant what is forbidden.'] : []),
  ]
  return new UserError(words.join('\n'), {
    fix: fixes.join(' '),
    input: 'manifests',
    cause: refusals[0]?.error,
  })
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map(line => `- ${line}`)]
}

/** Who owns which field, of all objects; the owner in words such as `kubectl (apps/v1)`. */
export function listConflicts(refusals: readonly Refusal[]): Conflict[] {
  return refusals.flatMap(({ object, error }) => {
    if (!(error instanceof KubeError) || !isConflict(error)) return []
    const fields = error.causes.filter(({ reason }) => reason === 'FieldManagerConflict')
    if (fields.length === 0) return [{ object, field: 'it', owner: error.message }]
    return fields.map(({ field = '', message = '' }) => ({ object, field, owner: ownerOf(message) }))
  })
}

/** Pure Markdown of who owns what; empty without conflicts. */
export function renderConflicts(conflicts: readonly Conflict[]): string {
  if (conflicts.length === 0) return ''
  const rows = conflicts.map(({ object, field, owner }) => [code(object), code(field), code(owner)])
  return part({
    outcome: 'failed',
    title: 'Fields of others',
    body: [table(['Object', 'Field', 'Owner'], rows)],
  })
}

/** `conflict with "kubectl" with subresource "status" using apps/v1` → `kubectl (apps/v1)`. */
function ownerOf(message: string): string {
  const [, name, version] = /^conflict with "([^"]*)".*?(?: using (\S+))?(?: at .*)?$/.exec(message) ?? []
  if (name === undefined) return message
  return version === undefined ? name : `${name} (${version})`
}

/** How servers say that a field keeps its first value (validation.go of the kinds): a Job's pods, a selector, a role. */
const unchangeable =
  /(field is immutable.*|updates to .* are forbidden.*|.* is immutable after creation.*|may not change once set|cannot change roleRef)$/s

/** The fields that cannot be changed, without the server's print of what they would hold. */
function listFixed(error: unknown): string[] {
  if (!(error instanceof KubeError)) return []
  return error.causes.flatMap(({ field = '', message = '' }) => {
    const words = unchangeable.exec(message)?.[0]
    return words === undefined ? [] : [`${field} cannot be changed: ${words.replace(/^Forbidden: /, '')}`]
  })
}

function replaceAdvice(objects: readonly string[]): string {
  const named = [...new Set(objects)]
  const [kind = '', place = ''] = named[0]?.split(' ') ?? []
  const [name, namespace] = place.split('/').reverse()
  const example = [
    'kubectl delete',
    kind.toLowerCase(),
    name,
    ...(namespace ? ['--namespace', namespace] : []),
  ]
  return `What cannot be changed (${named.join(', ')}) has to be made anew: give it another name with each version, such as one that ends in the commit (prune: true takes the former away), or delete it in the federation first: ${example.join(' ')}.`
}

/** The server's own words, one by one, without the request that they answer and the object that is named anyway. */
function wordsOf(error: unknown): string[] {
  const fixed = listFixed(error)
  // Others of its faults are told as well, each by its field.
  if (fixed.length > 0 && error instanceof KubeError)
    return [
      ...fixed,
      ...error.causes
        .filter(({ message = '' }) => !unchangeable.test(message))
        .map(({ field, message }) => `${field}: ${message}`),
    ]
  const words = messageOf(error).replace(/^[A-Z]+ https:\S+: /, '')
  const [, problems] = /^failed to create typed patch object \([^)]*\): (.*)$/s.exec(words) ?? []
  if (problems === undefined) return [words]
  return problems
    .replace(/^errors:\n/, '')
    .split('\n')
    .map(line => line.trim())
}
