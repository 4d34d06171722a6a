import type { Faults } from './active-faults.ts'
import { crashPoints } from './crash-points.ts'
import {
  createRequestFaults,
  type Failure,
  type FaultedRequest,
  isKubernetes,
  proxyFailures,
  type RequestFaults,
} from './request-faults.ts'

/** What can go wrong in a world on request. A fault may carry a parameter: `fail-request:17`. */
export const knownFaults: Record<string, string> = {
  'throttle-route53': 'other users of the account take four of the five Route 53 requests per second',
  'busy-zone': 'the first three changes of a hosted zone meet a change that is still being carried out',
  'slow-changes': 'changes of hosted zones take ten times as long to reach all name servers',
  'stuck-changes': 'changes of hosted zones never reach the name servers',
  'lost-changes': 'Route 53 does not know the changes that it has accepted: NoSuchChange',
  'silent-name-servers': 'the name servers of Route 53 take questions and answer none',
  's3-500': 'every seventh S3 request answers 500 InternalError',
  'slow-elb': 'load balancers take four times as long to get their name',
  'lingering-interfaces': 'network interfaces of deleted load balancers stay four times as long',
  'slow-nodes': 'machines take four times as long to join their cluster and become ready',
  'image-pull': 'the registry refuses the first two pulls for every pod',
  'fail-request': 'the AWS request of that number answers 503 without being carried out',
  'drop-request': 'the connection is cut before the AWS request of that number is carried out',
  'drop-answer': 'the AWS request of that number is carried out, but the connection is cut before the answer',
  'hang-request': 'the AWS request of that number is never answered',
  'proxy-404': 'a proxy answers an operation with 404 and a page: proxy-404:s3:GetObject, or of one :key',
  'proxy-page': 'a proxy answers an operation with 200 and a page: proxy-page:s3:ListObjectsV2',
  'empty-200': 'an operation is answered 200 with an empty body: empty-200:tagging:GetResources',
  deny: 'a permission is missing, by operation or by IAM action: deny:s3:PutObject',
  'expire-sessions': 'at the AWS request of that number every session that was issued before ends',
  'short-sessions': 'sessions live that many real seconds, whatever was asked for',
  'clock-skew': 'the clock of this machine is that many minutes behind the rest of the world',
  'id-token-500': "GitHub's token service answers 500 so many times before it gives a token",
  's3-conflict':
    'the first two creations of a bucket and conditional writes of a key meet another one under way',
  's3-malformed': 'S3 answers a wrong region with AuthorizationHeaderMalformed, not PermanentRedirect',
  's3-key-errors': 'the first key of the first three multi-object deletions in a bucket is not deleted',
  'stale-tags': 'the tagging API lists what was deleted for two minutes more',
  'vpc-quota': 'the account has as many VPCs as it may have',
  'no-image': 'EC2 knows no image of any name',
  'no-capacity': 'EC2 has no capacity for what auto scaling groups want to launch',
  'vcpu-quota': 'the quota of the account is used up for what auto scaling groups want to launch',
  'kill-kops': `kops is killed once per cluster at a point: ${crashPoints.join(', ')}`,
  'kill-job': 'like kill-kops, and the process that called kops is killed with it',
  'kube-500': 'the Kubernetes request of that number (those of Karmada itself aside) answers 500',
  'kube-429': 'the Kubernetes request of that number answers 429 with Retry-After',
  'kube-reset': 'the Kubernetes request of that number is cut off without being carried out',
  'kube-drop': 'the Kubernetes request of that number is carried out, but cut off before the answer',
  'kube-hang': 'the Kubernetes request of that number is never answered',
  'broken-watches':
    'watches of Kubernetes objects lose their first change: to a clean end, a 410 or a torn line',
  'member-down':
    'the API of the first cluster by name refuses connections for two minutes, from that second of its life',
  'member-silent': 'the same, but it accepts connections and does not answer',
  'member-slow': 'the same, but every answer takes ten seconds',
  'slow-token': 'Secrets of service accounts get their token a minute late',
  'moving-elb': 'load balancers of Services are replaced once, a minute after they got their name',
  'slow-aggregation': 'the API of Clusters becomes available three minutes late',
  'webhook-down': 'the first three policies sent to Karmada meet a webhook that refuses connections',
}

const numbered: Record<string, Failure> = {
  'fail-request': 'unavailable',
  'drop-request': 'reset-before',
  'drop-answer': 'reset-after',
  'hang-request': 'hang',
  'kube-500': 'error',
  'kube-429': 'throttle',
  'kube-reset': 'reset-before',
  'kube-drop': 'reset-after',
  'kube-hang': 'hang',
}

const operationOrKey = {
  pattern: /^[a-z0-9-]+:[A-Za-z0-9]+(:.+)?$/,
  words: 'a service and an operation, such as s3:GetObject, and perhaps a key',
}

/** What the parameter of a fault must be, where it is not a number. */
const parameters: Record<string, { pattern: RegExp; words: string }> = {
  'kill-kops': oneOf(crashPoints),
  'kill-job': oneOf(crashPoints),
  deny: {
    pattern: /^[a-z0-9-]+:[A-Za-z0-9]+$/,
    words: 'a service and an operation, such as s3:PutObject',
  },
  'proxy-404': operationOrKey,
  'proxy-page': operationOrKey,
  'empty-200': operationOrKey,
}

function oneOf(values: readonly string[]) {
  return { pattern: new RegExp(`^(${values.join('|')})$`), words: `one of ${values.join(', ')}` }
}

/** What is wrong with a fault as somebody wrote it; undefined if nothing is. */
export function objectToFault(fault: string): string | undefined {
  const [name, detail] = splitFault(fault)
  if (!(name in knownFaults)) {
    return `unknown fault '${name}'; known are ${Object.keys(knownFaults).join(', ')}`
  }
  const { pattern, words } = parameters[name] ?? { pattern: /^\d+$/, words: 'a number' }
  // A fault that takes a number may do without.
  if (pattern.test(detail ?? (name in parameters ? '' : '0'))) return undefined
  return `fault '${fault}': what follows the colon must be ${words}`
}

/** Throws on a fault that is not known, so that a typing error does not pass as a world without faults. */
export function createFaults(given: readonly string[]): Faults {
  const active = new Map<string, string[]>()
  const requests = createRequestFaults()
  function begin(fault: string): void {
    const objection = objectToFault(fault)
    if (objection !== undefined) throw new Error(objection)
    const [name, detail] = splitFault(fault)
    active.set(name, [...(active.get(name) ?? []), ...(detail === undefined ? [] : [detail])])
    planNamed(requests, name, detail)
  }
  for (const fault of given) begin(fault)
  const details = (name: string) => active.get(name) ?? []
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
    begin,
    end: name => void active.delete(name),
  }
}

function planNamed(requests: RequestFaults, name: string, detail: string | undefined): void {
  const failure = numbered[name]
  const concerns = ({ service }: FaultedRequest) => isKubernetes(service) === name.startsWith('kube-')
  if (failure && detail !== undefined) requests.plan({ failure, nth: Number(detail), concerns })
  if (name === 'broken-watches') planBrokenWatches(requests)
  const proxy = proxyFailures.find(each => each === name)
  if (proxy && detail !== undefined) planProxy(requests, proxy, detail)
}

// Whoever is behind such a proxy meets it every time.
function planProxy(requests: RequestFaults, failure: Failure, detail: string): void {
  const [, service = '', operation = '', key] = /^([^:]+):([^:]+)(?::(.+))?$/.exec(detail) ?? []
  requests.plan({ failure, nth: 1, times: Infinity, service, operation, ...(key !== undefined && { key }) })
}

const watchEndings = ['stream-end', 'stream-expired', 'truncate'] as const

// Each ending has every third watch. Karmada's own requests are met only by faults that name it.
function planBrokenWatches(requests: RequestFaults): void {
  for (const client of [undefined, 'karmada']) {
    for (const [index, failure] of watchEndings.entries()) {
      let count = index
      const concerns = ({ operation }: FaultedRequest) =>
        operation.startsWith('watch ') && ++count % watchEndings.length === 0
      requests.plan({ failure, nth: 1, times: Infinity, ...(client && { client }), concerns })
    }
  }
}

function splitFault(fault: string): [name: string, detail: string | undefined] {
  const colon = fault.indexOf(':')
  return colon < 0 ? [fault, undefined] : [fault.slice(0, colon), fault.slice(colon + 1)]
}
