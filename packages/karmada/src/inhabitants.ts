import { describeRef, isUnreachable, type Kube, type KubeObject, refOf } from '@meridian/kube'
import { unknownKindAsNone, usualTemplates } from './app-objects.ts'
import { policyTypes } from './names.ts'

/** What Kubernetes itself puts into every namespace. */
const usual = /^(ServiceAccount default|ConfigMap kube-root-ca\.crt|Secret default-token-.*)$/

/**
 * What there is in a namespace, in the federation and in those members that answer: all of it would go with it. What
 * others make (pods of a Deployment, say) goes with them.
 */
export async function findInhabitants(
  federation: Kube,
  members: readonly Kube[],
  namespace: string,
): Promise<string[]> {
  const inFederation = await listInhabitants(federation, namespace)
  if (inFederation.length > 0) return inFederation
  const found = await Promise.all(
    members.map(async member => {
      const objects = await listInhabitants(member, namespace).catch(error => {
        if (isUnreachable(error)) return []
        throw error
      })
      return objects.map(object => `${object} in ${member.context}`)
    }),
  )
  return found.flat()
}

async function listInhabitants(kube: Pick<Kube, 'list'>, namespace: string): Promise<string[]> {
  const types = [...usualTemplates, ...policyTypes.filter(({ kind }) => !kind.startsWith('Cluster'))]
  const lists = types.map(type => kube.list(type, { namespace }).catch(unknownKindAsNone))
  return (await Promise.all(lists)).flat().filter(isInhabitant).map(describe)
}

function isInhabitant({ kind, metadata }: KubeObject): boolean {
  const { name, ownerReferences = [], deletionTimestamp } = metadata
  return ownerReferences.length === 0 && deletionTimestamp === undefined && !usual.test(`${kind} ${name}`)
}

const describe = (object: KubeObject) => describeRef(refOf(object))
