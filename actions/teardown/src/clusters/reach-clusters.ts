import { AbsentClusterError } from '@meridian/aws'
import { type ClusterDescriptor, isUsedAsItIs } from '@meridian/identity'
import { reachCluster } from '@meridian/kops'
import { isForeignAnswer, isUnreachable, type Kube } from '@meridian/kube'
import { messageOf, UserError } from '@meridian/runner'
import { type FoundCluster, isInhabited } from '../survey/cluster.ts'
import type { Work } from '../work.ts'

const requestMilliseconds = 10_000

/**
 * Clusters that answer, by alias, and the host where it is another one, with its members. A cluster that does not is told and left out: it
 * must not hold up its own deletion. What answers otherwise than a cluster does is no answer, and throws.
 */
export async function reachClusters(work: Work, found: readonly FoundCluster[]): Promise<Map<string, Kube>> {
  const { scope, clusters, host, members } = work.inputs
  if (!scope.has('app') && !scope.has('federation') && !scope.has('clusters')) return new Map()
  const inhabited = found.filter(isInhabited).map(({ cluster }) => cluster)
  const isOther = host !== undefined && !clusters.some(({ fullName }) => fullName === host.fullName)
  const beside = isOther && (scope.has('app') || scope.has('federation')) ? [host, ...members] : []
  const others = beside.filter(({ name }) => !inhabited.some(one => one.name === name))
  const wanted = [...inhabited, ...others]
  const reached = await Promise.all(
    wanted.map(async cluster => [cluster.name, await reach(work, cluster, cluster === host)] as const),
  )
  return new Map(reached.flatMap(([name, kube]) => (kube ? [[name, kube] as const] : [])))
}

async function reach(
  { job, aws, inputs }: Work,
  cluster: ClusterDescriptor,
  needed: boolean,
): Promise<Kube | undefined> {
  try {
    const kube = await reachCluster(job, aws, cluster, inputs)
    // Repeated by itself for a while: a cluster that is there answers within that time.
    await kube.request('GET', '/readyz', { timeout: requestMilliseconds })
    return kube
  } catch (error) {
    job.signal.throwIfAborted()
    const named = inputs.clusters.includes(cluster)
    if (needed && !named) throw explainSilence(cluster, error)
    if (isForeignAnswer(error)) throw explainStranger(cluster, error)
    if (error instanceof AbsentClusterError) {
      job.log.info(`${cluster.name} is gone, and what was in it: ${messageOf(error)}.`)
      return undefined
    }
    // It stays, and all that is in it: nothing else would take that away.
    if (isUsedAsItIs(cluster.provider) && named && !inputs.force) throw explainShut(cluster, error)
    const fate = cluster.provider === 'kops' ? 'is left to the cloud' : 'stays'
    job.log.info(`${cluster.name} does not answer, so what is inside it ${fate}: ${messageOf(error)}`)
    return undefined
  }
}

function explainStranger({ name }: ClusterDescriptor, cause: Error): UserError {
  return new UserError(`${name} cannot be read: ${messageOf(cause)}`, {
    fix: 'A proxy may answer in its place: let it pass the answers unchanged, then run again. Nothing was touched.',
    input: 'clusters',
    cause,
  })
}

function explainShut({ name }: ClusterDescriptor, cause: unknown): UserError {
  const fix = cause instanceof UserError ? cause.fix : 'See to it that it answers, then run again.'
  return new UserError(`what is in ${name} cannot be taken out of it: ${messageOf(cause)}`, {
    fix: `${fix} With force: true it is taken out of the federation all the same, and what is in it stays there. Nothing was touched.`,
    input: 'clusters',
    cause,
  })
}

function explainSilence({ name }: ClusterDescriptor, cause: unknown): unknown {
  if (cause instanceof UserError || !isUnreachable(cause)) return cause
  return new UserError(`the host ${name} does not answer: ${messageOf(cause)}`, {
    fix: 'Without it no member can be taken out of its federation. Run again once it answers, or take federation and app out of the scope.',
    input: 'host',
    cause,
  })
}
