import { objectLabels } from '@meridian/identity'
import { networkInterfaces } from '@meridian/inventory'
import { judgeObject } from '@meridian/karmada'
import { type Kube, type KubeObject, type ObjectRef, refOf } from '@meridian/kube'
import { done, type Job, waitFor, waiting } from '@meridian/runner'
import type { AppOwner, Work } from '../work.ts'

type Service = KubeObject & {
  spec?: { type?: string }
  status?: { loadBalancer?: { ingress?: { hostname?: string }[] } }
}

/** A Service of a cluster that has a load balancer, and that load balancer's host names. */
export type Balancer = {
  readonly object: KubeObject
  readonly ref: ObjectRef
  readonly hostnames: readonly string[]
}

/** Services of type LoadBalancer with the given labels, in all namespaces. */
export async function listBalancers(
  kube: Kube,
  labels: Readonly<Record<string, string>> = {},
): Promise<Balancer[]> {
  const services = await kube.list<Service>({ apiVersion: 'v1', kind: 'Service' }, { labels })
  return services
    .filter(({ spec }) => spec?.type === 'LoadBalancer')
    .map(service => ({
      object: service,
      ref: refOf(service),
      hostnames: (service.status?.loadBalancer?.ingress ?? []).flatMap(({ hostname }) => hostname ?? []),
    }))
}

/** Those of an identity's own Services. */
export async function listOwnBalancers(kube: Kube, { identity, plane }: AppOwner): Promise<Balancer[]> {
  const balancers = await listBalancers(kube, objectLabels(identity))
  return balancers.filter(({ object }) => judgeObject(object, identity, plane).kind === 'ours')
}

/**
 * Deletes every load balancer that a cluster's Services have, and waits for it: an ELB and its network interfaces
 * keep the subnets and the VPC from being deleted, the most frequent reason for a deletion that never ends.
 */
export async function releaseBalancers(job: Job, kube: Kube): Promise<string[]> {
  const balancers = await listBalancers(kube)
  for (const { ref } of balancers) await kube.remove(ref)
  if (balancers.length > 0) await waitServicesGone(job, kube)
  return balancers.flatMap(({ hostnames }) => hostnames)
}

/** A Service's finalizer is taken away when its load balancer is gone. */
async function waitServicesGone(job: Job, kube: Kube): Promise<void> {
  await waitFor(job, {
    what: `load balancers of ${kube.context} to be gone`,
    fix: `Look at the events of its Services: kubectl --context=${kube.context} get events -A.`,
    probe: async () => {
      const left = await listBalancers(kube)
      const names = left.map(({ ref }) => `${ref.namespace}/${ref.name}`)
      return names.length === 0 ? done(undefined) : waiting(`${names.join(', ')} still there`)
    },
  })
}

/** Waits until the network interfaces of deleted load balancers are gone too: they outlive them by minutes. */
export async function waitInterfacesGone(
  job: Job,
  aws: Work['aws'],
  region: string,
  hostnames: readonly string[],
): Promise<void> {
  const description = hostnames.flatMap(hostname => interfaceDescription(hostname) ?? [])
  if (description.length === 0) return
  await waitFor(job, {
    what: `network interfaces of deleted load balancers in ${region}`,
    fix: 'AWS removes them within minutes. Run teardown again.',
    probe: async () => {
      const left = await networkInterfaces(aws, region, { description })
      return left.length === 0 ? done(undefined) : waiting(`${left.length} still there`)
    },
  })
}

/** How EC2 describes the interfaces of a load balancer, by the load balancer's host name; undefined if it is none. */
export function interfaceDescription(hostname: string): string | undefined {
  const classic = /^(?:internal-)?([a-z0-9-]+)-\d+\.[a-z0-9-]+\.elb\.amazonaws\.com$/.exec(hostname)?.[1]
  if (classic !== undefined) return `ELB ${classic}`
  const network = /^([a-z0-9-]+)-[0-9a-z]{16}\.elb\.[a-z0-9-]+\.amazonaws\.com$/.exec(hostname)?.[1]
  return network === undefined ? undefined : `ELB net/${network}/*`
}
