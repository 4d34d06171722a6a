import { isDeepStrictEqual } from 'node:util'
import { AwsError, type AwsRequest, child, parseXml, textOf, type XmlInput } from '@meridian/lab-aws-protocol'
import type { HealthCheck, HealthChecks } from './health-checks.ts'
import type { Result } from './operation.ts'
import { paginate } from './paginate.ts'

const types = [
  'HTTP',
  'HTTPS',
  'HTTP_STR_MATCH',
  'HTTPS_STR_MATCH',
  'TCP',
  'CALCULATED',
  'CLOUDWATCH_METRIC',
  'RECOVERY_CONTROL',
]
/** The types whose checkers connect to something. */
const probing = types.slice(0, 5)

const ranges: [field: string, least: number, most: number][] = [
  ['Port', 1, 65_535],
  ['FailureThreshold', 1, 10],
  ['HealthThreshold', 0, 256],
]

/** The same reference with the same settings gives the check that exists. */
export function createHealthCheck(
  checks: HealthChecks,
  request: AwsRequest,
): { result: Result; path: string } {
  const body = parseXml(request.body.toString('utf8'))
  const reference = textOf(body, 'CallerReference') ?? ''
  const config = readConfig(child(body, 'HealthCheckConfig'))
  const known = checks.list().find(check => check.callerReference === reference)
  if (known && !isDeepStrictEqual(known.config, config)) {
    throw new AwsError(
      409,
      'HealthCheckAlreadyExists',
      'A health check with the same caller reference and other settings already exists.',
    )
  }
  const check = known ?? checks.add(reference, config)
  return { result: { HealthCheck: describe(check) }, path: `healthcheck/${check.id}` }
}

/** A health check with its version, which each update raises. */
export function getHealthCheck(check: HealthCheck): Result {
  return { HealthCheck: describe(check) }
}

/** A page of the account's health checks. */
export function listHealthChecks(checks: HealthChecks, { query }: AwsRequest): Result {
  const { page, ...rest } = paginate(checks.list(), query)
  return { HealthChecks: { HealthCheck: page.map(describe) }, ...rest }
}

/** What is given replaces what was there; `HealthCheckVersion` guards against a writer in between. */
export function updateHealthCheck(check: HealthCheck, request: AwsRequest): Result {
  const body = parseXml(request.body.toString('utf8'))
  const expected = textOf(body, 'HealthCheckVersion')
  if (expected !== undefined && Number(expected) !== check.version) {
    throw new AwsError(
      409,
      'HealthCheckVersionMismatch',
      `The version of the health check is ${check.version}, not ${expected}.`,
    )
  }
  const { HealthCheckVersion, ResetElements, ...changes } = typeof body === 'string' ? {} : body
  const config = { ...check.config, ...changes }
  checkConfig(config)
  check.config = config
  check.version += 1
  return { HealthCheck: describe(check) }
}

/** Record sets may still name the check: AWS does not look. */
export function deleteHealthCheck(checks: HealthChecks, check: HealthCheck): Result {
  checks.remove(check.id)
  return {}
}

function readConfig(node: ReturnType<typeof child>): HealthCheck['config'] {
  if (node === undefined || typeof node === 'string') throw invalid('HealthCheckConfig is missing')
  checkConfig(node)
  return node
}

function checkConfig(config: HealthCheck['config']): void {
  const type = textOf(config, 'Type') ?? ''
  if (!types.includes(type)) {
    throw invalid(
      `1 validation error detected: Value '${type}' at 'healthCheckConfig.type' failed to satisfy constraint: Member must satisfy enum value set: [${types.join(', ')}]`,
    )
  }
  if (probing.includes(type) && !config.IPAddress && !config.FullyQualifiedDomainName) {
    throw invalid('Invalid parameter : Either IP address or fully qualified domain name must be specified')
  }
  const interval = textOf(config, 'RequestInterval')
  if (interval !== undefined && !['10', '30'].includes(interval)) {
    throw invalid(`Invalid parameter : RequestInterval must be 10 or 30, not ${interval}`)
  }
  for (const [field, least, most] of ranges) {
    const value = textOf(config, field)
    if (value !== undefined && !(Number(value) >= least && Number(value) <= most))
      throw invalid(`Invalid parameter : ${field} must be from ${least} to ${most}, not ${value}`)
  }
}

function describe({ id, callerReference, config, version }: HealthCheck): XmlInput {
  return {
    Id: id,
    CallerReference: callerReference,
    HealthCheckConfig: config as XmlInput,
    HealthCheckVersion: version,
  }
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'InvalidInput', message)
}
