import { foreignAnswer, isForeignAnswer } from './errors.ts'
import { inParallel } from './in-parallel.ts'
import type { Kube } from './kube.ts'
import type { ObjectType } from './object.ts'

/** The groups of Kubernetes itself and of its metrics. Definitions may have groups below k8s.io, too (gateway.networking). */
const own =
  /^(apps|autoscaling|batch|extensions|policy|((custom|external)\.)?metrics\.k8s\.io|(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|(flowcontrol|internal)\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io)$/

type Group = { name: string; preferredVersion: { groupVersion: string } }
type Resource = { name: string; kind: string; namespaced: boolean; verbs: string[] }

/**
 * The kinds that live in namespaces and are not Kubernetes' own, each in the version that the server prefers. `except` are
 * groups that do not matter. Rejects where a group does not answer: what there is of it cannot be told.
 */
export async function listCustomKinds(
  { server, request }: Pick<Kube, 'server' | 'request'>,
  except: RegExp,
): Promise<ObjectType[]> {
  const asked = (await listGroups()).filter(({ name }) => !own.test(name) && !except.test(name))
  const found = await inParallel(asked, async ({ preferredVersion: { groupVersion } }) => {
    const resources = await listResources(groupVersion)
    return resources
      .filter(({ name, namespaced, verbs }) => namespaced && !name.includes('/') && verbs.includes('list'))
      .map(({ kind }): ObjectType => ({ apiVersion: groupVersion, kind }))
  })
  return found.flat()

  async function listGroups(): Promise<Group[]> {
    return (await ask<{ groups: Group[] }>('/apis', 'groups')).groups
  }

  /** None of a group that goes between the two questions: the server then says 404 as anybody might, and lists it no more. */
  async function listResources(groupVersion: string): Promise<Resource[]> {
    try {
      return (await ask<{ resources: Resource[] }>(`/apis/${groupVersion}`, 'resources')).resources
    } catch (error) {
      if (!isForeignAnswer(error)) throw error
      const isListed = (await listGroups()).some(each => each.preferredVersion.groupVersion === groupVersion)
      if (isListed) throw error
      return []
    }
  }

  async function ask<T extends object>(path: string, list: keyof T): Promise<T> {
    const answer = await request<T>('GET', path)
    if (Array.isArray(answer?.[list])) return answer
    throw foreignAnswer(server, `GET ${server}${path}`, 'with no list')
  }
}
