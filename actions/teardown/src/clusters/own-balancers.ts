import { isAccessDenied } from '@meridian/aws'
import type { ClusterDescriptor } from '@meridian/identity'
import { judgeRemains, type Leak, loadBalancers, type Remains } from '@meridian/inventory'
import { apiServiceRef } from '@meridian/karmada'
import { describeRef, type Kube } from '@meridian/kube'
import { messageOf } from '@meridian/runner'
import type { FoundFederation } from '../survey/federation.ts'
import { ownerAndPlane, type Work } from '../work.ts'
import { type Balancer, listBalancers, listOwnBalancers } from './balancers.ts'

/** Load balancers that go with what is removed from a cluster of EKS, which stays: by nothing else would they be found. */
export type Expected = { readonly cluster: ClusterDescriptor; readonly hostnames: readonly string[] }

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

const nothing: Remains = {
  tagged: [],
  ec2: [],
  instances: [],
  balancers: [],
  interfaces: [],
  volumes: [],
  unlisted: [],
}

/** Those of them that AWS still has, in the account of their cluster. */
export async function findBalancers(
  { aws, job }: Pick<Work, 'aws' | 'job'>,
  expected: readonly Expected[],
): Promise<Leak[]> {
  const found = await Promise.all(
    expected.map(async ({ cluster, hostnames }) => {
      if (hostnames.length === 0) return []
      const { region, fullName, role } = cluster
      const all = await loadBalancers(aws.as(role), region, {}).catch(error => {
        // A role that only reaches the cluster need not see what its controllers make.
        if (role === undefined || !isAccessDenied(error)) throw error
        job.log.info(
          `Whether load balancers of ${cluster.name} are left could not be asked: ${messageOf(error)}`,
        )
        return []
      })
      const balancers = all.filter(({ hostname }) => hostnames.includes(hostname.toLowerCase()))
      return judgeRemains(fullName, region, { ...nothing, balancers })
    }),
  )
  return found.flat()
}
