import { badRequest, type FieldProblem, forbiddenValue, invalid, StatusError } from '../status-error.ts'
import { isTrue, type ResourceCall } from './call.ts'

const optionsKind = { group: 'meta.k8s.io', kind: 'ListOptions', plural: 'listoptions' }
const match = 'resourceVersionMatch'

/** Refuses options of a list or watch that contradict each other, or a version that is none or not there yet. */
export function checkListOptions({ query, verb, store }: ResourceCall): void {
  const problems = matchProblems(query, verb === 'watch')
  if (problems.length > 0) throw invalid(optionsKind, '', problems)
  const version = query.get('resourceVersion') ?? ''
  if (!/^\d*$/.test(version)) throw unreadable(version, verb)
  if (verb === 'list' && Number(version) > Number(store.revision())) throw tooLarge(version, store.revision())
}

function matchProblems(query: URLSearchParams, watching: boolean): FieldProblem[] {
  const initial = query.get('sendInitialEvents')
  const matching = query.get(match)
  const problems: FieldProblem[] = []
  if (watching && initial !== null && matching !== 'NotOlderThan') {
    problems.push(
      forbiddenValue(match, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'),
    )
  }
  if (!watching && matching && !query.get('resourceVersion')) {
    problems.push(
      forbiddenValue(match, 'resourceVersionMatch is forbidden unless resourceVersion is provided'),
    )
  }
  if (!watching && initial !== null) {
    problems.push(forbiddenValue('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  }
  return problems
}

// A watch does not take the trouble to say that this is a bad request.
function unreadable(version: string, verb: string): StatusError {
  const problem = `resourceVersion: Invalid value: "${version}": strconv.ParseUint: parsing "${version}": invalid syntax`
  return verb === 'watch'
    ? new StatusError(500, '', problem)
    : badRequest(`invalid resource version: ${problem}`)
}

function tooLarge(version: string, current: string): StatusError {
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }]
  const message = `Timeout: Too large resource version: ${version}, current: ${current}`
  return new StatusError(504, 'Timeout', message, { causes, retryAfterSeconds: 1 })
}

/** Whether a watch begins with the objects that are there. */
export function wantsInitialEvents(query: URLSearchParams): boolean {
  return isTrue(query.get('sendInitialEvents') ?? 'false')
}
