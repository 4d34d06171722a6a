import {
  addResource,
  clusterOf,
  deleteResource,
  type Resource,
  randomText,
  textAttribute,
  type World,
} from '@meridian/lab-world'

export type NewLoadBalancer = {
  /** The main one by default. */
  account?: string
  region: string
  /** Classic names are at most 32 characters: the cloud controller takes `a` and 31 hex digits of a Service's uid. */
  name: string
  type: 'classic' | 'network'
  /** internet-facing by default; an internal one has addresses that nobody reaches from outside. */
  scheme?: 'internet-facing' | 'internal'
  /** That of the cluster in its tags by default. */
  vpcId?: string
  /** Names of the groups that it leads to, which have its tags and go with it. */
  targetGroups?: string[]
  tags: Record<string, string>
  listeners: Listener[]
}

export type Listener = { protocol: string; port: number; instancePort?: number }

export type LoadBalancers = {
  /** The name is known at once, but it resolves, and `ready` settles, only after the world has provisioned it. */
  create(given: NewLoadBalancer): { id: string; hostname: string; ready: Promise<void>; remove(): void }
  /** Removes by id, name or hostname; its network interfaces linger. Absent ones are fine. */
  remove(handle: string): void
}

const provisioningSeconds = 40

/**
 * Makes classic and network load balancers, which are active after 40 s; an internal one is not reached from here.
 */
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
          scheme: given.scheme ?? 'internet-facing',
          vpcId: given.vpcId ?? findVpc(world, given),
        },
      })
      const groups = (given.targetGroups ?? []).map(name => addTargetGroup(world, resource, name))
      const reveal = given.scheme === 'internal' ? world.network.hide(hostname, '192.168.40.7') : () => {}
      const seconds = provisioningSeconds * (world.faults.active('slow-elb') ? 4 : 1)
      world.delays.note('load balancer is set up', given.region, seconds)
      const ready = world.clock.sleep(seconds).then(() => {
        resource.state = 'active'
      })
      const remove = () => {
        for (const id of [resource.id, ...groups]) deleteResource(world, id)
        reveal()
      }
      return { id: resource.id, hostname, ready, remove }
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

function addTargetGroup(
  world: World,
  { account, region, tags, id, attributes }: Resource,
  name: string,
): string {
  const group = { vpcId: attributes.vpcId, loadBalancer: id }
  return world.inventory.add({
    type: 'target-group',
    account,
    region,
    id: `${name}/${randomText(world.random, 16)}`,
    name,
    tags,
    attributes: group,
  }).id
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
