import { covers, ensureObjects, type Kube, type KubeObject, readObjects, refOf } from '@meridian/kube'
import { type Cluster, listClusters } from './clusters.ts'
import { credentialRefs, joinNamespace, memberObjects, systemLabels } from './join-objects.ts'

/** The control plane's side of joins, as it was at one time: read for many members by the requests of one. */
export type Joins = {
  /** All members, whoever joined them. */
  readonly clusters: readonly Cluster[]
  /** Whether the namespace of all credentials is as it should be. */
  readonly hasNamespace: boolean
  /** Makes it be so, once for all who ask. */
  ensureNamespace(): Promise<unknown>
  /** What there is of the `credentialObjects` of one of the members that were asked for, in their order. */
  credentialsOf(name: string): (KubeObject | undefined)[]
}

/** Reads what the control plane has of the named members. */
export async function readJoins(
  federation: Pick<Kube, 'get' | 'list' | 'apply'>,
  names: readonly string[],
): Promise<Joins> {
  const [clusters, namespace, secrets] = await Promise.all([
    listClusters(federation),
    federation.get(refOf(joinNamespace)),
    readObjects(federation, names.flatMap(credentialRefs), systemLabels),
  ])
  const found = new Map(secrets.flatMap(secret => (secret ? [[secret.metadata.name, secret] as const] : [])))
  const hasNamespace = covers(namespace, joinNamespace)
  let making: Promise<unknown> | undefined
  return {
    clusters,
    hasNamespace,
    ensureNamespace() {
      making ??= hasNamespace ? Promise.resolve() : ensureObjects(federation, [joinNamespace])
      return making
    },
    credentialsOf: member => credentialRefs(member).map(({ name }) => found.get(name)),
  }
}

/** What there is of `memberObjects` in a member, in their order, beside their namespace as it was seen. */
export async function readMemberObjects(
  kube: Pick<Kube, 'get' | 'list'>,
  name: string,
  namespace: KubeObject | undefined,
): Promise<(KubeObject | undefined)[]> {
  const [, ...others] = memberObjects(name)
  const isPossible = ({ metadata }: KubeObject) => namespace !== undefined || metadata.namespace === undefined
  const asked = others.filter(isPossible)
  const found = await readObjects(kube, asked.map(refOf), systemLabels, { few: 1 })
  return [namespace, ...others.map(object => found[asked.indexOf(object)])]
}
