import { crashPoints } from './crash-points.ts'
import { createRequestFaults, type Failure, type RequestFaults } from './request-faults.ts'

/** What can go wrong in a world on request. A fault may carry a parameter: `fail-request:17`. */
export const knownFaults: Record<string, string> = {
  'throttle-route53': 'other users of the account take four of the five Route 53 requests per second',
  'busy-zone': 'the first three changes of a hosted zone meet a change that is still being carried out',
  's3-500': 'every seventh S3 request answers 500 InternalError',
  'slow-elb': 'load balancers take four times as long to get their name',
  'lingering-interfaces': 'network interfaces of deleted load balancers stay four times as long',
  'slow-nodes': 'machines take four times as long to join their cluster and become ready',
  'image-pull': 'the registry refuses the first two pulls for every pod',
  'fail-request': 'the AWS request of that number answers 503 without being carried out',
  'drop-request': 'the connection is cut before the AWS request of that number is carried out',
  'drop-answer': 'the AWS request of that number is carried out, but the connection is cut before the answer',
  'hang-request': 'the AWS request of that number is never answered',
  'no-capacity': 'EC2 has no capacity for what auto scaling groups want to launch',
  'vcpu-quota': 'the quota of the account is used up for what auto scaling groups want to launch',
  'kill-kops': `kops is killed once per cluster at a point: ${crashPoints.join(', ')}`,
  'kill-job': 'like kill-kops, and the process that called kops is killed with it',
}

const numbered: Record<string, Failure> = {
  'fail-request': 'unavailable',
  'drop-request': 'reset-before',
  'drop-answer': 'reset-after',
  'hang-request': 'hang',
}

/** The parameters that a fault must have one of; the others take a number. */
const parameters: Record<string, readonly string[]> = { 'kill-kops': crashPoints, 'kill-job': crashPoints }

export type Faults = {
  /** As they were given, with their parameters. */
  names: readonly string[]
  active(name: string): boolean
  /** The number after the colon. */
  parameter(name: string): number | undefined
  /** What stands after the colon, for each time that the fault was given. */
  details(name: string): readonly string[]
  /** True for the first `times` calls with this key while the fault is active, then false for ever. */
  strike(name: string, key: string, times: number): boolean
  /** Faults of single AWS requests, planned by tests. */
  requests: RequestFaults
}

/** What is wrong with a fault as somebody wrote it; undefined if nothing is. */
export function objectToFault(fault: string): string | undefined {
  const [name, detail] = splitFault(fault)
  if (!(name in knownFaults)) {
    return `unknown fault '${name}'; known are ${Object.keys(knownFaults).join(', ')}`
  }
  const allowed = parameters[name]
  if (allowed) {
    return allowed.includes(detail ?? '')
      ? undefined
      : `fault '${fault}': what follows the colon must be one of ${allowed.join(', ')}`
  }
  return /^\d+$/.test(detail ?? '0') ? undefined : `fault '${fault}': what follows the colon must be a number`
}

/** Throws on a fault that is not known, so that a typing error does not pass as a world without faults. */
export function createFaults(given: readonly string[]): Faults {
  const active = new Map<string, string[]>()
  for (const fault of given) {
    const objection = objectToFault(fault)
    if (objection !== undefined) throw new Error(objection)
    const [name, detail] = splitFault(fault)
    active.set(name, [...(active.get(name) ?? []), ...(detail === undefined ? [] : [detail])])
  }
  const details = (name: string) => active.get(name) ?? []
  const requests = createRequestFaults()
  for (const [name, failure] of Object.entries(numbered)) {
    for (const nth of details(name)) requests.plan({ failure, nth: Number(nth) })
  }
  const struck = new Map<string, number>()
  return {
    requests,
    names: [...given],
    active: name => active.has(name),
    parameter: name => (details(name)[0] === undefined ? undefined : Number(details(name)[0])),
    details,
    strike(name, key, times) {
      if (!active.has(name)) return false
      const count = struck.get(`${name} ${key}`) ?? 0
      if (count >= times) return false
      struck.set(`${name} ${key}`, count + 1)
      return true
    },
  }
}

function splitFault(fault: string): [name: string, detail: string | undefined] {
  const colon = fault.indexOf(':')
  return colon < 0 ? [fault, undefined] : [fault.slice(0, colon), fault.slice(colon + 1)]
}
