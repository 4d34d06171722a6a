type StatusCause = { reason?: string; message?: string; field?: string }
export type StatusDetails = {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}

/** metav1.Status, the body of every refusal. */
export type StatusBody = {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: { continue?: string }
  status: 'Success' | 'Failure'
  message?: string
  reason?: string
  details?: StatusDetails
  code: number
}

/** What a request is refused with; thrown by the store and by kinds, written to the wire by the server. */
export class StatusError extends Error {
  readonly body: StatusBody

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message)
    this.name = 'StatusError'
    this.body = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason ? { reason } : {}),
      ...(details ? { details } : {}),
      code,
    }
  }
}

/** The part of a kind that its errors name. */
export type ErrorSubject = { group: string; plural: string; kind: string }

/** `pods`, `deployments.apps`: how errors and in-process callers name a resource. */
export function resourceName({ group, plural }: { group: string; plural: string }): string {
  return group === '' ? plural : `${plural}.${group}`
}

function detailsOf({ group, plural }: ErrorSubject, name: string): StatusDetails {
  return { ...(name ? { name } : {}), ...(group ? { group } : {}), kind: plural }
}

/** 404, of one object: `deployments.apps "web" not found`. */
export function notFound(subject: ErrorSubject, name: string): StatusError {
  return new StatusError(
    404,
    'NotFound',
    `${resourceName(subject)} "${name}" not found`,
    detailsOf(subject, name),
  )
}

/** 409, of a creation; `Conflict` is the other 409, of an update. */
export function alreadyExists(subject: ErrorSubject, name: string): StatusError {
  const message = `${resourceName(subject)} "${name}" already exists`
  return new StatusError(409, 'AlreadyExists', message, detailsOf(subject, name))
}

/** 409 for a name that was to be made up: the client may try again at once. */
export function notGenerated(subject: ErrorSubject, name: string): StatusError {
  const message = `${resourceName(subject)} "${name}" already exists, the server was not able to generate a unique name for the object`
  const details = { ...detailsOf(subject, name), retryAfterSeconds: 1 }
  return new StatusError(409, 'AlreadyExists', message, details)
}

/** 409, of an update or a deletion that another write came before; `cause` says which precondition failed. */
export function conflict(subject: ErrorSubject, name: string, cause: string): StatusError {
  const message = `Operation cannot be fulfilled on ${resourceName(subject)} "${name}": ${cause}`
  return new StatusError(409, 'Conflict', message, detailsOf(subject, name))
}

export const modifiedMeanwhile =
  'the object has been modified; please apply your changes to the latest version and try again'

/** 403: by who asks, or by what an admission rule says of the object. */
export function forbidden(subject: ErrorSubject, name: string, why: string): StatusError {
  const message = `${resourceName(subject)} "${name}" is forbidden: ${why}`
  return new StatusError(403, 'Forbidden', message, detailsOf(subject, name))
}

/** 400, before anything is looked for. */
export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message)
}

/** 503: what stands behind the API server does not answer. */
export function serviceUnavailable(message: string): StatusError {
  return new StatusError(503, 'ServiceUnavailable', message)
}

/** 410: the revision from which to go on is no longer kept. */
export function gone(message: string): StatusError {
  return new StatusError(410, 'Expired', message)
}

/** One broken rule of a field. */
export type FieldProblem = {
  field: string
  reason:
    | 'FieldValueInvalid'
    | 'FieldValueRequired'
    | 'FieldValueForbidden'
    | 'FieldValueNotSupported'
    | 'FieldValueDuplicate'
    | 'FieldValueNotFound'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueTypeInvalid'
  message: string
}

/** A value that breaks its rule. */
export function invalidValue(field: string, value: unknown, rule: string): FieldProblem {
  return { field, reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${rule}` }
}

/** A value that is missing, or empty where that is the same. */
export function requiredValue(field: string, rule = ''): FieldProblem {
  return { field, reason: 'FieldValueRequired', message: `Required value${rule && `: ${rule}`}` }
}

/** A value where there may be none. */
export function forbiddenValue(field: string, rule: string): FieldProblem {
  return { field, reason: 'FieldValueForbidden', message: `Forbidden: ${rule}` }
}

/** A value that a list has already. */
export function duplicateValue(field: string, value: unknown): FieldProblem {
  return { field, reason: 'FieldValueDuplicate', message: `Duplicate value: ${JSON.stringify(value)}` }
}

/** A value that names what is not there. */
export function unknownValue(field: string, value: unknown): FieldProblem {
  return { field, reason: 'FieldValueNotFound', message: `Not found: ${JSON.stringify(value)}` }
}

/** A value that is none of those allowed, which are told in the order given. */
export function unsupportedValue(field: string, value: unknown, allowed: readonly unknown[]): FieldProblem {
  const supported = allowed.map(each => JSON.stringify(each)).join(', ')
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`
  return { field, reason: 'FieldValueNotSupported', message }
}

/** A text or map of more than so many bytes. */
export function tooLongValue(field: string, most: number): FieldProblem {
  return { field, reason: 'FieldValueTooLong', message: `Too long: may not be more than ${most} bytes` }
}

/** 422 with every problem (one that was found twice is told once, with two causes), in the words of Kubernetes: `Service "x" is invalid: spec.ports: Required value`. */
export function invalid(subject: ErrorSubject, name: string, problems: readonly FieldProblem[]): StatusError {
  const lines = [...new Set(problems.map(problem => `${problem.field}: ${problem.message}`))]
  const text = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`
  const message = `${subject.kind}${subject.group ? `.${subject.group}` : ''} "${name}" is invalid: ${text}`
  const causes = problems.map(({ field, reason, message: rule }) => ({ reason, message: rule, field }))
  const { kind: _plural, ...details } = detailsOf(subject, name)
  return new StatusError(422, 'Invalid', message, { ...details, kind: subject.kind, causes })
}

/** Throws 422 if there is any problem. */
export function refuse(subject: ErrorSubject, name: string, problems: readonly FieldProblem[]): void {
  if (problems.length > 0) throw invalid(subject, name, problems)
}
