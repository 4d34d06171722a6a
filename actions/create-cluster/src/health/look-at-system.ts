import { describeFailures, type Validation } from '@meridian/kops'
import { type Kube, KubeError, type KubeObject } from '@meridian/kube'
import { describeNode, type Node } from './look-at-nodes.ts'

type Pod = KubeObject & {
  spec?: { priorityClassName?: string }
  status?: { phase?: string; containerStatuses?: { ready?: boolean }[] }
}

/** An API that is out of reach does not refuse: packets to a load balancer without targets are lost. */
const knockMilliseconds = 5_000

/**
 * What a cluster's own API says of as many machines as are to join, and of what the cluster needs to run, by kops' rules as far as
 * the API alone can tell. A KubeError where it does not answer, or not yet as it should.
 */
export async function lookAtSystem(
  kube: Pick<Kube, 'request'>,
  expected: number,
): Promise<Validation | KubeError> {
  const list = <T>(path: string) =>
    kube.request<{ items?: T[] }>('GET', path, { timeout: knockMilliseconds, repeatable: false })
  try {
    const { items: nodes = [] } = await list<Node>('/api/v1/nodes')
    const { items: pods = [] } = await list<Pod>('/api/v1/namespaces/kube-system/pods')
    return judgeSystem(nodes, pods, expected)
  } catch (error) {
    if (error instanceof KubeError) return error
    throw error
  }
}

/** Pure. */
export function judgeSystem(found: readonly Node[], pods: readonly Pod[], expected: number): Validation {
  const nodes = found.map(describeNode)
  const failures = pods
    .filter(pod => isCritical(pod) && !isReady(pod))
    .map(({ metadata: { namespace, name } }) => ({ type: 'Pod', name: `${namespace}/${name}` }))
  const joined = nodes.length >= Math.max(1, expected)
  const ready = joined && nodes.every(node => node.ready) && failures.length === 0
  return { ready, nodes, missing: ready ? '' : describeFailures(failures, nodes, expected) }
}

const isCritical = ({ spec }: Pod) => /^system-(cluster|node)-critical$/.test(spec?.priorityClassName ?? '')

function isReady({ status = {} }: Pod): boolean {
  if (status.phase === 'Succeeded') return true
  return status.phase === 'Running' && (status.containerStatuses ?? []).every(({ ready }) => ready)
}
