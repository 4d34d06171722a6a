import type { Aws } from '@meridian/aws'
import { launchFailures } from '@meridian/inventory'
import { fatalFailure, type Kops, type Validation, validateCluster } from '@meridian/kops'
import { type Condition, conditionOf, type Kube, type KubeObject } from '@meridian/kube'
import { done, type Job, pause, waitFor, waiting } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'

/** A cluster that has just become healthy may lose its API for a moment, so it is looked at more than once. */
const betweenLooks = 1_000

/** Waits until a look finds the cluster healthy several times in a row; ends at once when the look throws. `advice` is told
 * with a failure.
 */
export async function awaitHealth(
  inputs: Inputs,
  look: () => Promise<Validation>,
  job: Job,
  advice = '',
): Promise<Validation> {
  return waitFor<Validation>(job, {
    what: `cluster ${inputs.cluster.fullName}`,
    fix: `Raise timeout if it was making progress. ${advice}`.trim(),
    probe: async () => {
      for (let count = 1; ; count += 1) {
        const validation = await look()
        if (!validation.ready) return waiting(validation.missing)
        if (count >= inputs.validateCount) return done(validation)
        await pause(betweenLooks, job.signal)
      }
    },
  })
}

/** What kops finds, of as many machines as are to join. Where machines are missing that EC2 has refused to launch, waiting is of no use: that is thrown. */
export async function lookWithKops(
  inputs: Inputs,
  expected: number,
  { aws, kops }: { aws: Aws; kops: Kops },
): Promise<Validation> {
  const { cluster } = inputs
  const validation = await validateCluster(kops, cluster, expected)
  if (validation.ready || validation.nodes.length >= expected) return validation
  const tag = { key: 'KubernetesCluster', value: cluster.fullName }
  for (const { group, reason } of await launchFailures(aws, inputs.cluster.region, tag)) {
    const failure = fatalFailure(reason, `EC2 does not launch the machines of ${group}`)
    if (failure !== undefined) throw failure
  }
  return validation
}

type Node = KubeObject & { status?: { conditions?: Condition[] } }

/** What the API server of a cluster says of its nodes. `mayBeEmpty`: they are made when pods need them. */
export async function lookAtNodes(kube: Kube, { mayBeEmpty }: { mayBeEmpty: boolean }): Promise<Validation> {
  const nodes = (await kube.list<Node>({ apiVersion: 'v1', kind: 'Node' })).map(describeNode)
  const waitingFor = nodes.filter(({ ready }) => !ready).map(({ name }) => name)
  if (nodes.length === 0 && !mayBeEmpty) return { ready: false, nodes, missing: 'it has no nodes' }
  return {
    ready: waitingFor.length === 0,
    nodes,
    missing: waitingFor.length === 0 ? '' : `waiting for nodes ${waitingFor.join(', ')}`,
  }
}

function describeNode(node: Node): Validation['nodes'][number] {
  const { name, labels = {} } = node.metadata
  const isControlPlane = ['control-plane', 'master'].some(role => `node-role.kubernetes.io/${role}` in labels)
  return {
    name,
    role: isControlPlane ? 'control-plane' : 'node',
    zone: labels['topology.kubernetes.io/zone'] ?? '',
    ready: conditionOf(node, 'Ready')?.status === 'True',
  }
}
