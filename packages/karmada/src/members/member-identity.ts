import { type Kube, KubeError, type KubeObject } from '@meridian/kube'
import { UserError } from '@meridian/runner'
import { clusterNamespace } from '../names.ts'
import type { Cluster } from './clusters.ts'

/** What tells a cluster from all others, and where a join keeps its accounts in it. */
export type MemberSpace = {
  /** The UID of its kube-system namespace, whatever the cluster is called. */
  readonly id: string
  /** The namespace of the accounts as it is. Without it there are none. */
  readonly accounts: KubeObject | undefined
}

const systemSpace = 'kube-system'

/** Reads both by one request: every namespace is labelled with its name. Who may not list them asks for each. */
export async function readMemberSpace(kube: Pick<Kube, 'get' | 'list' | 'context'>): Promise<MemberSpace> {
  const type = { apiVersion: 'v1', kind: 'Namespace' }
  const names = [systemSpace, clusterNamespace]
  const labelled = { label: 'kubernetes.io/metadata.name', oneOf: names }
  const listed = await kube.list(type, { labelled }).catch(error => {
    if (error instanceof KubeError && error.status === 403) return []
    throw error
  })
  const find = (name: string) => listed.find(({ metadata }) => metadata.name === name)
  const system = find(systemSpace)
  if (system?.metadata.uid !== undefined) return { id: system.metadata.uid, accounts: find(clusterNamespace) }
  const [own, accounts] = await Promise.all(names.map(name => kube.get({ ...type, name })))
  if (own?.metadata.uid === undefined) throw new Error(`cluster ${kube.context} has no namespace kube-system`)
  return { id: own.metadata.uid, accounts }
}

/** Refuses one cluster under two names: both would manage the same objects. */
export function checkIdentity(clusters: readonly Cluster[], name: string, id: string): Cluster | undefined {
  const twin = clusters.find(({ metadata, spec }) => spec.id === id && metadata.name !== name)
  if (twin) {
    throw new UserError(`cluster ${name} is a member already, under the name ${twin.metadata.name}`, {
      fix: 'Give each cluster one name only: correct clusters, or the context that the name stands for.',
      input: 'clusters',
    })
  }
  const known = clusters.find(({ metadata }) => metadata.name === name)
  if (known === undefined || known.spec.syncMode === 'Push') return known
  throw new UserError(`${name} is a member in mode ${known.spec.syncMode}, with an agent of its own`, {
    fix: `Take it out with karmadactl unregister ${name}, or leave it out of clusters.`,
    input: 'clusters',
  })
}
