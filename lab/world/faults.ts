/** What can go wrong in a world on request. A fault may carry a number: `fail-request:17`. */
export const knownFaults: Record<string, string> = {
  'throttle-route53': 'other users of the account take four of the five Route 53 requests per second',
  'busy-zone': 'the first three changes of a hosted zone meet a change that is still being carried out',
  's3-500': 'every seventh S3 request answers 500 InternalError',
  'slow-elb': 'load balancers take four times as long to get their name',
  'lingering-interfaces': 'network interfaces of deleted load balancers stay four times as long',
  'slow-nodes': 'machines take four times as long to join their cluster and become ready',
  'image-pull': 'the registry refuses the first two pulls for every pod',
  'fail-request': 'the AWS request of that number answers 503 without being carried out',
  'drop-answer': 'the AWS request of that number is carried out, but the connection is cut before the answer',
}

export type Faults = {
  names: readonly string[]
  active(name: string): boolean
  /** The number after the colon. */
  parameter(name: string): number | undefined
  /** True for the first `times` calls with this key while the fault is active, then false for ever. */
  strike(name: string, key: string, times: number): boolean
}

/** Throws on a fault that is not known, so that a typing error does not pass as a world without faults. */
export function createFaults(given: readonly string[]): Faults {
  const active = new Map<string, number | undefined>()
  for (const fault of given) {
    const [name = '', parameter] = fault.split(':')
    if (!(name in knownFaults)) {
      throw new Error(`unknown fault "${name}"; known are ${Object.keys(knownFaults).join(', ')}`)
    }
    active.set(name, parameter === undefined ? undefined : Number(parameter))
  }
  const struck = new Map<string, number>()
  return {
    names: [...active.keys()],
    active: name => active.has(name),
    parameter: name => active.get(name),
    strike(name, key, times) {
      if (!active.has(name)) return false
      const count = struck.get(`${name} ${key}`) ?? 0
      if (count >= times) return false
      struck.set(`${name} ${key}`, count + 1)
      return true
    },
  }
}
