import type { ClusterView } from '@meridian/lab-world'
import { askForTunnel, goProxy } from '../proxy-environment.ts'
import { ToolError } from '../terminal.ts'
import { describe } from './cloud/ec2-kinds.ts'
import { groupsOfCluster, machinesOfCluster, scaling } from './cloud/group-kinds.ts'
import type { Found } from './cloud/read-xml.ts'
import { detachedFrom } from './cloud-groups.ts'
import { type Cluster, type InstanceGroup, regionOf, roleName } from './cluster-object.ts'
import type { Kops } from './context.ts'
import { type DnsRecords, openDns, placeholder } from './dns-records.ts'
import { readAuthority } from './keysets.ts'
import { lookAround } from './look-around.ts'
import { apiHost } from './set-context.ts'
import type { StateStore } from './store.ts'
import { machinesOf } from './wanted-resources.ts'

export type Failure = { type: string; name: string; message: string; instanceGroup?: object }
export type Validation = { failures: Failure[]; nodes: ValidatedNode[] }
type ValidatedNode = { name: string; zone: string; role: string; hostname: string; status: string }

/**
 * What a validation finds. Throws `ToolError` with the words of a failed request while the API does not
 * answer: that is kops' normal answer in a cluster's first minutes.
 */
export async function inspectCluster(
  kops: Kops,
  store: StateStore,
  cluster: Cluster,
  groups: readonly InstanceGroup[],
): Promise<Validation> {
  const { name } = cluster.metadata
  await lookAround(kops.cloud(regionOf(cluster)))
  const host = await apiHost(kops, cluster)
  if (!cluster.spec.api.loadBalancer && (await stillPlaceholder(await openDns(kops.env, cluster), name))) {
    return { failures: [placeholderFailure], nodes: [] }
  }
  const answer = await kops.cloud(regionOf(cluster)).ask<ClusterView>('GET', `/_world/clusters/${name}`)
  const view = answer.status === 404 ? undefined : answer.body
  const asking = `error listing nodes: Get "https://${host ?? `api.${name}`}/api/v1/nodes"`
  const proxy = goProxy(kops.env, new URL(`https://${host ?? `api.${name}`}`))
  if (proxy) {
    // What a direct connection would tell of the name and its server, a proxy sums up in a status.
    await askForTunnel(proxy, `${host ?? `api.${name}`}:443`).catch((error: Error) => {
      throw new ToolError(`${asking}: ${error.message}`)
    })
  }
  // The load balancer is there, but no machine that could answer behind it.
  if (host !== undefined && view === undefined) {
    throw new ToolError(`${asking}: dial tcp 198.51.100.7:443: i/o timeout`)
  }
  if (host === undefined || !view?.resolves) {
    throw new ToolError(`${asking}: dial tcp: lookup ${host ?? `api.${name}`}: no such host`)
  }
  if (!view.serving) throw new ToolError(`${asking}: dial tcp: connect: connection refused`)
  if (view.authority !== undefined && view.authority !== (await readAuthority(store, name)).certificate) {
    throw new ToolError(`${asking}: tls: failed to verify certificate: ${unknownAuthority}`)
  }
  const resources = await cloudMachines(kops, cluster)
  const groupOf = (machine: string) => {
    const label = resources.find(({ id }) => id === machine)?.tags['kops.k8s.io/instancegroup']
    return groups.find(({ metadata }) => metadata.name === label)
  }
  const short = groups.flatMap(group => {
    const members = machinesOf(group.metadata.name, resources)
    const size = members.filter(({ tags }) => tags[detachedFrom] === undefined).length
    return size < group.spec.minSize ? [tooSmall(group, size)] : []
  })
  return {
    failures: [
      ...short,
      ...view.pending.map(pending => ({ ...pending, ...describeGroup(groupOf(pending.name)) })),
    ],
    nodes: view.nodes
      .filter(({ status }) => status !== 'absent')
      .map(({ name, zone, role, hostname, status }) => ({ name, zone, role, hostname, status })),
  }
}

/** The machines of each group that AWS has; kops looks at its template and at what it keeps warm, too. */
async function cloudMachines(kops: Kops, cluster: Cluster): Promise<Found[]> {
  const cloud = kops.cloud(regionOf(cluster))
  const machines: Found[] = []
  for (const { name, tags, attributes } of await groupsOfCluster(cloud, cluster.metadata.name)) {
    await describe(cloud, 'launch-template', { 'LaunchTemplateId.1': String(attributes.launchTemplate) })
    const group = tags['kops.k8s.io/instancegroup']
    machines.push(...(await machinesOfCluster(cloud, cluster.metadata.name, group)))
    await scaling(cloud, 'DescribeWarmPool', { AutoScalingGroupName: name })
  }
  return machines
}

// Go's words for the same name with another key: the cluster was made from another state store.
const unknownAuthority =
  'x509: certificate signed by unknown authority (possibly because of "crypto/rsa: verification error" while trying to verify candidate authority certificate "kubernetes-ca")'

function tooSmall(group: InstanceGroup, size: number): Failure {
  const { name } = group.metadata
  const message = `InstanceGroup "${name}" did not have enough nodes ${size} vs ${group.spec.minSize}`
  return { type: 'InstanceGroup', name, message, ...describeGroup(group) }
}

function describeGroup(group: InstanceGroup | undefined): { instanceGroup?: object } {
  if (!group) return {}
  return { instanceGroup: { metadata: group.metadata, spec: { ...group.spec, role: roleName(group) } } }
}

async function stillPlaceholder(dns: DnsRecords, name: string): Promise<boolean> {
  const addresses = await dns.read(`api.${name}`)
  if (addresses.length === 0)
    throw new ToolError(`unable to resolve Kubernetes cluster API URL dns: lookup api.${name}: no such host`)
  return addresses.includes(placeholder)
}

const placeholderFailure: Failure = {
  type: 'dns',
  name: 'apiserver',
  message: `Validation Failed

The dns-controller Kubernetes deployment has not updated the Kubernetes cluster's API DNS entry to the correct IP address.  The API DNS IP address is the placeholder address that kops creates: ${placeholder}.  Please wait about 5-10 minutes for a control plane node to start, dns-controller to launch, and DNS to propagate.  The protokube container and dns-controller deployment logs may contain more diagnostic information.  Etcd and the API DNS entries must be updated for a kops Kubernetes cluster to start.`,
}
