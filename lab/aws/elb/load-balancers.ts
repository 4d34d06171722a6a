import { addResource } from '../../world/add-resource.ts'
import { clusterOf, deleteResource, randomText, textAttribute, type World } from '../../world/index.ts'

export type NewLoadBalancer = {
  /** The main one by default. */
  account?: string
  region: string
  /** Classic names are at most 32 characters: the cloud controller takes `a` and 31 hex digits of a Service's uid. */
  name: string
  type: 'classic' | 'network'
  tags: Record<string, string>
  listeners: Listener[]
}

export type Listener = { protocol: string; port: number; instancePort?: number }

export type LoadBalancers = {
  /** The name is known at once, but it resolves, and `ready` settles, only after the world has provisioned it. */
  create(given: NewLoadBalancer): { id: string; hostname: string; ready: Promise<void> }
  /** Removes by id, name or hostname; its network interfaces linger. Absent ones are fine. */
  remove(handle: string): void
}

const provisioningSeconds = 40

export function createLoadBalancers(world: World): LoadBalancers {
  return {
    create(given) {
      const hash = randomText(world.random, 16)
      const hostname = nameHost(given, hash, world)
      const resource = addResource(world, {
        type: 'load-balancer',
        ...(given.account !== undefined && { account: given.account }),
        region: given.region,
        id: given.type === 'network' ? `net/${given.name}/${hash}` : given.name,
        name: given.name,
        tags: given.tags,
        state: 'provisioning',
        attributes: {
          type: given.type,
          dnsName: hostname,
          listeners: given.listeners,
          scheme: 'internet-facing',
          vpcId: findVpc(world, given),
        },
      })
      const seconds = provisioningSeconds * (world.faults.active('slow-elb') ? 4 : 1)
      const ready = world.clock.sleep(seconds).then(() => {
        resource.state = 'active'
      })
      return { id: resource.id, hostname, ready }
    },
    remove(handle) {
      const found = world.inventory.list(
        resource =>
          resource.type === 'load-balancer' &&
          [resource.id, resource.name, textAttribute(resource, 'dnsName')].includes(handle),
      )
      for (const { id } of found) deleteResource(world, id)
    },
  }
}

function nameHost({ name, region, type }: NewLoadBalancer, hash: string, world: World): string {
  if (type === 'network') return `${name}-${hash}.elb.${region}.amazonaws.com`
  return `${name}-${1_000_000_000 + Math.floor(world.random() * 1_000_000_000)}.${region}.elb.amazonaws.com`
}

// A cloud controller puts its load balancers into the VPC of its cluster.
function findVpc(world: World, { tags, account = world.accountId }: NewLoadBalancer): string | undefined {
  const cluster = clusterOf({ tags, attributes: {} })
  const [vpc] = world.inventory.list(
    resource => resource.type === 'vpc' && resource.account === account && clusterOf(resource) === cluster,
  )
  return cluster === undefined ? undefined : vpc?.id
}
