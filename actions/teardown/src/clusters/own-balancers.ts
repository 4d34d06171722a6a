import { apiServiceRef } from '@meridian/karmada'
import { describeRef, type Kube } from '@meridian/kube'
import type { FoundFederation } from '../survey/federation.ts'
import { ownerAndPlane, type Work } from '../work.ts'
import { type Balancer, listBalancers, listOwnBalancers } from './balancers.ts'
import type { Expected } from './find-balancers.ts'

/** What is to be gone of load balancers in clusters of EKS; read before anything is removed. */
export async function expectBalancers(
  work: Work,
  found: FoundFederation,
  reached: ReadonlyMap<string, Kube>,
): Promise<Expected[]> {
  const { inputs } = work
  const clusters = [...inputs.clusters, ...inputs.members, ...(inputs.host ? [inputs.host] : [])]
  const ofEks = new Map(clusters.flatMap(one => (one.provider === 'eks' ? [[one.name, one] as const] : [])))
  return Promise.all(
    [...ofEks.values()].map(async cluster => {
      const kube = reached.get(cluster.name)
      if (kube === undefined) return { cluster, hostnames: [] }
      const own = found.plan.app ? await listOwnBalancers(kube, ownerAndPlane(work, found)) : []
      const ofPlane = found.plan.plane !== undefined && found.host.fullName === cluster.fullName
      const api = ofPlane ? (await listBalancers(kube)).filter(isApi) : []
      return { cluster, hostnames: [...own, ...api].flatMap(({ hostnames }) => hostnames) }
    }),
  )
}

const isApi = ({ ref }: Balancer) => describeRef(ref) === describeRef(apiServiceRef)
