import { describeRef, type Kube, type KubeObject, refOf } from '@meridian/kube'
import { executionNamespace, workType } from '../names.ts'

/** What is to be in a member, as the control plane carries it there. */
export type Work = KubeObject & { spec?: { workload?: { manifests?: KubeObject[] } } }

/** Lists what a control plane carries to a member. */
export async function listWorks(federation: Pick<Kube, 'list'>, cluster: string): Promise<Work[]> {
  return federation.list<Work>(workType, { namespace: executionNamespace(cluster) })
}

/** The objects that a Work carries, as the member is to have them. */
export const manifestsOf = ({ spec }: Work): KubeObject[] => spec?.workload?.manifests ?? []

/** The objects of a Work, such as `Deployment shop/web`. */
export function propagatedBy(work: Work): string[] {
  const manifests = manifestsOf(work)
  return manifests.length > 0
    ? manifests.map(manifest => describeRef(refOf(manifest)))
    : [`Work ${work.metadata.name}`]
}
