import {
  describeRef,
  isUnreachable,
  type Kube,
  type KubeObject,
  listCustomKinds,
  type ObjectType,
  refOf,
} from '@meridian/kube'
import { inParallel } from '@meridian/runner'
import { listClusters } from '../members/clusters.ts'
import { createMembers } from '../members/through-federation.ts'
import { policyTypes } from '../names.ts'
import { unknownKindAsNone, usualTemplates } from './app-objects.ts'

/** What Kubernetes, a service mesh or OpenShift puts into every namespace. */
const usual =
  /^(ServiceAccount default|ConfigMap (kube-root-ca\.crt|istio-ca-root-cert|openshift-service-ca\.crt)|Secret default-token-.*)$/
/** Rules and limits of a namespace are nothing without what they hold for. */
const alone: readonly ObjectType[] = [
  { apiVersion: 'v1', kind: 'Pod' },
  { apiVersion: 'v1', kind: 'ReplicationController' },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
]
/** What Karmada makes for others' objects goes with them; its policies are looked for by name. */
const karmadaGroups = /(^|\.)karmada\.io$/
/** On what Karmada has brought to a member, which it takes out again. */
const managedLabel = 'karmada.io/managed'

type Lister = Pick<Kube, 'context' | 'server' | 'request' | 'list'>

/**
 * What there is in a namespace, custom resources of every kind too, in the federation and in those members that answer: all
 * of it would go with it. What others make (pods of a Deployment, say) goes with them, and so does what is going anyway.
 */
export async function findInhabitants(
  federation: Lister,
  members: readonly Lister[],
  namespace: string,
  isGoing: (object: KubeObject) => boolean = () => false,
): Promise<string[]> {
  const list = async (kube: Lister) =>
    (await listInhabitants(kube, namespace)).filter(object => !isGoing(object)).map(describe)
  const inFederation = await list(federation)
  if (inFederation.length > 0) return inFederation
  const found = await Promise.all(
    members.map(async member => {
      const objects = await list(member).catch(error => {
        if (isUnreachable(error)) return []
        throw error
      })
      return objects.map(object => `${object} in ${member.context}`)
    }),
  )
  return found.flat()
}

/**
 * What has come, by others, to a namespace or a definition that was just made, in the federation and in its members: it would
 * go with it. Rejects where one cannot be asked. What Karmada is still to take out of members is none of it.
 */
export async function findNewcomers(federation: Kube, made: KubeObject): Promise<string[]> {
  const look = (kube: Lister) =>
    made.kind === 'Namespace' ? listInhabitants(kube, made.metadata.name) : listInstances(kube, made)
  const memberOf = createMembers(federation)
  const members = (await listClusters(federation)).map(({ metadata: { name } }) => memberOf(name))
  const [own, ...copies] = await Promise.all([federation, ...members].map(look))
  const brought = ({ metadata }: KubeObject) => metadata.labels?.[managedLabel] === 'true'
  const strange = copies.flatMap((objects, at) =>
    objects
      .filter(object => !brought(object))
      .map(object => `${describe(object)} in ${members[at]?.context}`),
  )
  return [...(own ?? []).map(describe), ...strange]
}

/** The objects of the kind that a definition defines. */
async function listInstances(kube: Lister, { spec }: KubeObject): Promise<KubeObject[]> {
  const {
    group,
    names,
    versions = [],
  } = spec as {
    group: string
    names: { kind: string }
    versions?: { name: string; served?: boolean }[]
  }
  const served = versions.find(each => each.served)?.name
  if (served === undefined) return []
  const type = { apiVersion: `${group}/${served}`, kind: names.kind }
  const found = await kube.list(type, { only: 'metadata' }).catch(unknownKindAsNone)
  return found.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
}

async function listInhabitants(kube: Lister, namespace: string): Promise<KubeObject[]> {
  const policies = policyTypes.filter(({ kind }) => !kind.startsWith('Cluster'))
  const types = [...usualTemplates, ...alone, ...policies, ...(await listCustomKinds(kube, karmadaGroups))]
  const lists = await inParallel(types, type =>
    kube.list(type, { namespace, only: 'metadata' }).catch(unknownKindAsNone),
  )
  return lists.flat().filter(isInhabitant)
}

function isInhabitant({ kind, metadata }: KubeObject): boolean {
  const { name, ownerReferences = [], deletionTimestamp } = metadata
  return ownerReferences.length === 0 && deletionTimestamp === undefined && !usual.test(`${kind} ${name}`)
}

const describe = (object: KubeObject) => describeRef(refOf(object))
