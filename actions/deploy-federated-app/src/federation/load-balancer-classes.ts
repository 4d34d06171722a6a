import {
  bindingName,
  classesIn,
  createMembers,
  type MemberClasses,
  policyVersion,
  takesClass,
} from '@meridian/karmada'
import { describeRef, type Kube, KubeError, type KubeObject, refOf } from '@meridian/kube'
import { inParallel } from '@meridian/runner'

/**
 * The classes of load balancers that members have given to Services of these templates when they made them, by the
 * Service as `describeRef` names it. Of a member that does not answer, what the federation keeps already.
 */
export async function readMemberClasses(
  federation: Kube,
  templates: readonly KubeObject[],
  { clusters, adopt }: { clusters: readonly string[]; adopt: boolean },
): Promise<ReadonlyMap<string, MemberClasses>> {
  const memberOf = createMembers(federation)
  const entries = await inParallel(templates.filter(takesClass), async service => {
    const ref = refOf(service)
    // What is yet to be made a member has only where somebody else has made it.
    if (!adopt && (await federation.get(ref)) === undefined) return undefined
    const { namespace, name, kind } = ref
    const policy = { apiVersion: policyVersion, kind: 'OverridePolicy', name: bindingName(kind, name) }
    const kept = classesIn((await federation.get({ ...policy, ...(namespace && { namespace }) })) ?? service)
    const found = await Promise.all(
      clusters.map(
        async cluster => [cluster, await readClass(memberOf(cluster), service, kept[cluster])] as const,
      ),
    )
    const given = found.filter((entry): entry is readonly [string, string] => entry[1] !== undefined)
    return [describeRef(ref), Object.fromEntries(given)] as const
  })
  return new Map(entries.filter(entry => entry !== undefined))
}

async function readClass(
  member: Pick<Kube, 'get'>,
  service: KubeObject,
  kept: string | undefined,
): Promise<string | undefined> {
  try {
    const copy = await member.get(refOf(service))
    return (copy?.spec as { loadBalancerClass?: string } | undefined)?.loadBalancerClass
  } catch (error) {
    if (error instanceof KubeError) return kept
    throw error
  }
}
