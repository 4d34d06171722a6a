import { isAccessDenied } from '@meridian/aws'
import type { ClusterDescriptor } from '@meridian/identity'
import { judgeRemains, type Leak, loadBalancers, type Remains } from '@meridian/inventory'
import { messageOf } from '@meridian/runner'
import type { Work } from '../work.ts'

/** Load balancers that go with what is removed from a cluster of EKS, which stays: by nothing else would they be found. */
export type Expected = { readonly cluster: ClusterDescriptor; readonly hostnames: readonly string[] }

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
