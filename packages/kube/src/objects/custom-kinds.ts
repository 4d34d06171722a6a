import { inParallel } from '@meridian/runner'
import { readGroups, readResources } from '../client/discovery.ts'
import type { Kube } from '../client/kube.ts'
import type { ObjectType } from './object.ts'

/** The groups of Kubernetes itself and of its metrics. Definitions may have groups below k8s.io, too (gateway.networking). */
const own =
  /^(apps|autoscaling|batch|extensions|policy|((custom|external)\.)?metrics\.k8s\.io|(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|(flowcontrol|internal)\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io)$/

/**
 * The kinds that live in namespaces and are not Kubernetes' own, each in the version that the server prefers. `except` are
 * groups that do not matter. Rejects where a group does not answer: what there is of it cannot be told.
 */
export async function listCustomKinds(
  { server, request }: Pick<Kube, 'server' | 'request'>,
  except: RegExp,
): Promise<ObjectType[]> {
  const read = (path: string) => request('GET', path)
  const groups = await readGroups(server, read)
  const asked = groups.filter(({ name }) => !own.test(name) && !except.test(name))
  const found = await inParallel(asked, async ({ preferredVersion: { groupVersion } }) => {
    const resources = await readResources(server, read, groupVersion)
    return resources
      .filter(({ namespaced, verbs }) => namespaced && verbs?.includes('list'))
      .map(({ kind }): ObjectType => ({ apiVersion: groupVersion, kind }))
  })
  return found.flat()
}
