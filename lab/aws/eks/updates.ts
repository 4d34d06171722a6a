import { isIP } from 'node:net'
import { AwsError } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import type { JsonBody } from '../json/service.ts'
import type { EksCluster, EndpointAccess } from './cluster.ts'
import type { EksClusters } from './clusters.ts'
import { badParameter, noUpdate } from './errors.ts'

/** EKS takes some minutes for it, in which the cluster serves as before. */
const updateSeconds = 300

export type Update = {
  id: string
  status: 'InProgress' | 'Successful'
  type: 'EndpointAccessUpdate'
  params: { type: string; value: string }[]
  /** Seconds since the epoch. */
  createdAt: number
  errors: never[]
}

/** Changes of who reaches an endpoint, which are all that EKS changes of a cluster here. */
export function createUpdates(world: World, clusters: EksClusters) {
  const updates = new Map<string, Update>()
  return {
    begin(cluster: EksCluster, body: JsonBody): Update {
      if (cluster.status !== 'ACTIVE') throw busy(cluster)
      const access = readAccess(cluster, body)
      const update: Update = {
        id: crypto.randomUUID(),
        status: 'InProgress',
        type: 'EndpointAccessUpdate',
        params: Object.entries(access).map(([name, value]) => ({
          type: name.charAt(0).toUpperCase() + name.slice(1),
          value: JSON.stringify(value),
        })),
        createdAt: world.clock.now() / 1000,
        errors: [],
      }
      updates.set(update.id, update)
      cluster.status = 'UPDATING'
      world.clock.after(updateSeconds, () => {
        update.status = 'Successful'
        cluster.status = 'ACTIVE'
        clusters.setAccess(cluster, access)
      })
      return update
    },
    find(id: string): Update {
      const found = updates.get(id)
      if (found) return found
      throw noUpdate(id)
    },
  }
}

function busy({ name, status }: EksCluster): AwsError {
  const words = `Cluster ${name} is not in ACTIVE status: it is ${status}`
  return new AwsError(409, 'ResourceInUseException', words)
}

function readAccess(cluster: EksCluster, body: JsonBody): EndpointAccess {
  const given = body.resourcesVpcConfig as Partial<EndpointAccess> | undefined
  const known = ['endpointPublicAccess', 'endpointPrivateAccess', 'publicAccessCidrs'] as const
  const others = [
    ...Object.keys(body).filter(key => !['resourcesVpcConfig', 'clientRequestToken'].includes(key)),
    ...Object.keys(given ?? {}).filter(key => !known.some(each => each === key)),
  ]
  if (others.length > 0 || given === undefined) {
    const words = `the lab's EKS changes nothing but ${known.join(', ')}, and not ${others.join(', ')}`
    throw new AwsError(501, 'NotImplemented', words)
  }
  const access = {
    endpointPublicAccess: given.endpointPublicAccess ?? cluster.endpointPublicAccess,
    endpointPrivateAccess: given.endpointPrivateAccess ?? cluster.endpointPrivateAccess,
    publicAccessCidrs: given.publicAccessCidrs ?? cluster.publicAccessCidrs,
  }
  const wrong = access.publicAccessCidrs.filter(cidr => !isIP(cidr.split('/')[0] ?? ''))
  if (wrong.length > 0)
    throw badParameter(`The following CIDRs are invalid in publicAccessCidrs: [${wrong.join(', ')}]`)
  if (!access.endpointPublicAccess && !access.endpointPrivateAccess)
    throw badParameter('Private and public endpoint access cannot be false')
  if (known.every(key => String(access[key]) === String(cluster[key])))
    throw badParameter(
      `Cluster is already at the desired configuration with endpointPrivateAccess: ${access.endpointPrivateAccess} , endpointPublicAccess: ${access.endpointPublicAccess}, and Public Endpoint Restrictions: [${access.publicAccessCidrs.join(', ')}]`,
    )
  return access
}
