import { proxyFailure } from '@meridian/tools'

export type ClusterNode = {
  readonly name: string
  readonly role: 'control-plane' | 'apiserver' | 'node'
  readonly zone: string
  readonly ready: boolean
}

export type Validation = {
  readonly ready: boolean
  readonly nodes: readonly ClusterNode[]
  /** What is still missing, in people's words; '' when nothing is. */
  readonly missing: string
}

type Failure = { type: string; name: string; message?: string }
type Answer = {
  failures?: Failure[]
  nodes?: { name: string; zone?: string; role?: string; status?: string }[]
}

/** Where the API's name leads until the cluster itself has put the right address there. */
const placeholder = '203.0.113.123'

/**
 * Reads one `kops validate cluster --output=json`. kops prints no object at all while it cannot reach the API,
 * which is normal for some minutes; `expected` is the number of machines that are to join. Undefined if kops
 * failed in a way that has nothing to do with the cluster's health.
 */
export function parseValidation(
  result: { stdout: string; stderr: string; exitCode: number },
  expected: number,
): Validation | undefined {
  const answer = readAnswer(result.stdout)
  if (answer === undefined) {
    const missing = describeSilence(result.stderr)
    return missing === undefined ? undefined : { ready: false, nodes: [], missing }
  }
  const nodes = (answer.nodes ?? []).map(toNode)
  const missing = describeFailures(answer.failures ?? [], nodes, expected)
  const ready = result.exitCode === 0
  return { ready, nodes, missing: ready ? '' : missing }
}

function readAnswer(stdout: string): Answer | undefined {
  const at = stdout.indexOf('{')
  if (at < 0) return undefined
  try {
    return JSON.parse(stdout.slice(at)) as Answer
  } catch {
    return undefined
  }
}

function toNode(node: { name: string; zone?: string; role?: string; status?: string }): ClusterNode {
  const role = node.role === 'control-plane' || node.role === 'apiserver' ? node.role : 'node'
  return { name: node.name, zone: node.zone ?? '', role, ready: node.status === 'True' }
}

/** Why kops cannot even ask the API, as far as it is something that passes. */
function describeSilence(said: string): string | undefined {
  if (proxyFailure.test(said)) return undefined
  // What AWS and kops' own servers say is no word of the cluster's.
  const stderr = said
    .split('\n')
    .filter(line => !/operation error|githubusercontent\.com|k8s\.io\/binaries/.test(line))
    .join('\n')
  if (stderr.includes(placeholder))
    return `the API's name still leads to kops' placeholder ${placeholder}; the cluster replaces it when its DNS controller runs`
  if (/no such host|unable to resolve Kubernetes cluster API/.test(stderr))
    return "the API's name is not known yet"
  if (
    /connection refused|i\/o timeout|deadline exceeded|TLS handshake|connection reset|\bEOF\b|no route to host|x509|Bad Gateway|Service Unavailable|Gateway Timeout/.test(
      stderr,
    )
  ) {
    return 'the API server does not answer yet'
  }
  return undefined
}

/** What machines of a cluster that are there, and what else of it fails, leave to be waited for. */
export function describeFailures(
  failures: readonly Failure[],
  nodes: readonly ClusterNode[],
  expected: number,
): string {
  if (failures.some(({ type, message }) => type.toLowerCase() === 'dns' || message?.includes(placeholder))) {
    return `the API's name still leads to kops' placeholder ${placeholder}; the cluster replaces it when its DNS controller runs`
  }
  const machines = failures.filter(({ type }) => type === 'Machine').length
  const joined = Math.max(0, Math.min(expected, nodes.length))
  const ready = nodes.filter(node => node.ready).length
  const parts = [`${joined} of ${Math.max(expected, joined + machines)} instances joined`]
  if (ready < joined) parts.push(`${ready} ready`)
  const pods = [
    ...new Set(failures.filter(({ type }) => type === 'Pod').map(({ name }) => podOwner(name))),
  ].sort()
  if (pods.length > 0)
    parts.push(
      `waiting for pods ${pods.slice(0, 6).join(', ')}${pods.length > 6 ? ` and ${pods.length - 6} more` : ''}`,
    )
  const groups = failures.filter(({ type }) => type === 'InstanceGroup').map(({ message }) => message ?? '')
  return [...parts, ...groups.slice(0, 2)].join(', ')
}

/** `kube-system/coredns-7d8c9b5f4-abcde` is a pod of `coredns`; a static pod ends in its node's name. */
function podOwner(name: string): string {
  return (name.split('/').at(-1) ?? name)
    .replace(/-i-[0-9a-f]{8,}$/, '')
    .replace(/-[a-z0-9]{5}$/, '')
    .replace(/-[a-f0-9]{6,10}$/, '')
}
