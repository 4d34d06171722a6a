import {
  badRequest,
  type FieldProblem,
  forbiddenValue,
  invalid,
  StatusError,
  unsupportedValue,
} from '../status-error.ts'
import { isTrue, type ResourceCall } from './call.ts'

const optionsKind = { group: 'meta.k8s.io', kind: 'ListOptions', plural: 'listoptions' }
const match = 'resourceVersionMatch'

/**
 * Refuses options of a list, a watch or a deletion of many that cannot be read or contradict each other, or a version
 * that is none or not there yet.
 */
export function checkListOptions(call: ResourceCall): void {
  const { query, verb } = call
  for (const option of ['limit', 'timeoutSeconds']) checkInteger(query.get(option))
  const problems = verb === 'watch' || isTrue(query.get('watch')) ? watchProblems(query) : listProblems(query)
  if (problems.length > 0) throw invalid(optionsKind, '', problems)
  const version = query.get('resourceVersion')
  if (query.get('continue') && version && version !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue')
  }
  checkVersion(call)
}

/** Refuses a version that is none, and one that is not there yet where it must be. */
export function checkVersion({ query, verb, store }: ResourceCall): void {
  const version = query.get('resourceVersion') ?? ''
  if (!/^\d*$/.test(version)) throw unreadable(version, verb)
  const awaited = verb !== 'watch' && Number(version) > Number(store.revision())
  if (awaited) throw tooLarge(version, store.revision())
}

function checkInteger(text: string | null): void {
  if (text === null || /^[-+]?\d+$/.test(text)) return
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
}

function listProblems(query: URLSearchParams): FieldProblem[] {
  const matching = query.get(match)
  const version = query.get('resourceVersion')
  const forbidden = [
    matching && !version && 'resourceVersionMatch is forbidden unless resourceVersion is provided',
    matching && query.get('continue') && 'resourceVersionMatch is forbidden when continue is provided',
  ].flatMap(rule => (rule ? [forbiddenValue(match, rule)] : []))
  const unknown = matching && matching !== 'Exact' && matching !== 'NotOlderThan'
  const rule = 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'
  return [
    ...forbidden,
    ...(unknown ? [unsupportedValue(match, matching, ['Exact', 'NotOlderThan', ''])] : []),
    ...(matching === 'Exact' && version === '0' ? [forbiddenValue(match, rule)] : []),
    ...(query.has('sendInitialEvents')
      ? [forbiddenValue('sendInitialEvents', 'sendInitialEvents is forbidden for list')]
      : []),
  ]
}

function watchProblems(query: URLSearchParams): FieldProblem[] {
  const matching = query.get(match)
  const initial = query.has('sendInitialEvents')
  const other = matching !== 'NotOlderThan'
  const forbidden = [
    initial && other && 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    matching &&
      !initial &&
      'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
  ].flatMap(rule => (rule ? [forbiddenValue(match, rule)] : []))
  return matching && other ? [...forbidden, unsupportedValue(match, matching, ['NotOlderThan'])] : forbidden
}

// Only a list takes the trouble to say that this is a bad request.
function unreadable(version: string, verb: string): StatusError {
  const problem = `resourceVersion: Invalid value: "${version}": strconv.ParseUint: parsing "${version}": invalid syntax`
  return verb === 'list' || verb === 'deletecollection'
    ? badRequest(`invalid resource version: ${problem}`)
    : new StatusError(500, '', problem)
}

function tooLarge(version: string, current: string): StatusError {
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }]
  const message = `Timeout: Too large resource version: ${version}, current: ${current}`
  return new StatusError(504, 'Timeout', message, { causes, retryAfterSeconds: 1 })
}

/**
 * Whether a watch begins with the objects that are there: as it is told, else if it names no version. Undefined if it
 * was told nothing and begins after its version.
 */
export function wantsInitialEvents(query: URLSearchParams): boolean | undefined {
  const told = query.get('sendInitialEvents')
  if (told !== null) return isTrue(told)
  const version = query.get('resourceVersion') ?? ''
  return version === '' || version === '0' ? true : undefined
}
