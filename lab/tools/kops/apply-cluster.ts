import type { ClusterSpec, Machine } from '@meridian/lab-world'
import { ToolError } from '../terminal.ts'
import { applyResources, type Chosen } from './apply-resources.ts'
import { machinesOfCluster } from './cloud/group-kinds.ts'
import { type Cluster, type InstanceGroup, regionOf } from './cluster-object.ts'
import type { Kops } from './context.ts'
import { type DnsRecords, openDns, placeholder, recordNames } from './dns-records.ts'
import { ensureKeysets, readAuthority } from './keysets.ts'
import { kopsVersion } from './kubernetes-version.ts'
import { lookAhead } from './look-around.ts'
import { writeManagedFiles } from './managed-files.ts'
import { apiHost } from './set-context.ts'
import type { StateStore } from './store.ts'
import { machinesOf } from './wanted-resources.ts'

const phases = [0, 45, 71, 101, 113]
const total = 119
/** What AWS takes to make a cluster's resources one after the other, in milliseconds of the world. */
const applyTime = 40_000

/** Makes keys, cloud resources and files of a cluster and starts its machines, whatever of it exists already. */
export async function applyCluster(
  kops: Kops,
  store: StateStore,
  cluster: Cluster,
  all: readonly InstanceGroup[],
  chosen: Chosen,
): Promise<void> {
  const { name } = cluster.metadata
  const { groups } = chosen
  const cloud = kops.cloud(regionOf(cluster))
  await lookAhead(
    cloud,
    name,
    groups.map(({ spec }) => ({ size: spec.machineType })),
  )
  const before = await cloud.ask('GET', `/_world/clusters/${name}`)
  // A zone that is missing must be noticed before anything is made.
  const dns = cluster.spec.api.loadBalancer ? undefined : await openDns(kops.env, cluster)
  await ensureKeysets(store, name)
  const passed = before.status === 404 && (await kops.world.begin('AWS makes resources', name, applyTime))
  const reach = async (phase: number) => {
    if (passed) await passed(phase / phases.length)
    const done = phases[phase] ?? total
    const runnable = (phases[phase + 1] ?? total) - done
    kops.log('I', 'executor.go:113', `Tasks: ${done} done / ${total} total; ${runnable} can run`)
  }
  await reach(0)
  const publicKey = await store.read(`${name}/pki/ssh/public/admin/default`)
  await applyResources(kops, cluster, chosen, { publicKey, reach })
  if (dns) await reserveNames(dns, name)
  const host = await apiHost(kops, cluster)
  if (host === undefined) throw new ToolError('error running tasks: API load balancer not found')
  await writeManagedFiles(store, cluster, groups, host)
  await reach(phases.length)
  await store.write(`${name}/kops-version.txt`, kopsVersion)
  await startMachines(kops, store, { cluster, groups: all, host })
}

// Names that resolve from the start keep resolvers from remembering that they do not exist.
async function reserveNames(dns: DnsRecords, cluster: string): Promise<void> {
  for (const name of recordNames(cluster)) {
    if ((await dns.read(name)).length === 0) await dns.create(name, placeholder, 10)
  }
}

// Real machines start by themselves from the files in the state store; the world's wait to be told.
type Made = { cluster: Cluster; groups: readonly InstanceGroup[]; host: string }

async function startMachines(kops: Kops, store: StateStore, { cluster, groups, host }: Made) {
  // The groups have launched their instances by now.
  const resources = await machinesOfCluster(kops.cloud(regionOf(cluster)), cluster.metadata.name)
  const machines = (role: 'Master' | 'Node'): Machine[] =>
    groups
      .filter(({ spec }) => spec.role === role)
      .flatMap(({ metadata, spec }) =>
        machinesOf(metadata.name, resources).map(({ id }) => ({
          name: id,
          zone: spec.subnets[0] ?? '',
          size: spec.machineType,
        })),
      )
  const { name } = cluster.metadata
  const controlPlanes = machines('Master')
  // Without a machine for it there is no API, whatever else has been made.
  if (controlPlanes.length === 0) return
  const spec: ClusterSpec = {
    name,
    region: regionOf(cluster),
    controlPlanes,
    nodes: machines('Node'),
    kubernetesVersion: cluster.spec.kubernetesVersion,
    configBase: cluster.spec.configBase,
    apiHost: host,
    authority: await readAuthority(store, name),
  }
  const answer = await kops.cloud(spec.region).ask('POST', '/_world/clusters', spec)
  if (answer.status >= 300) throw new ToolError(`error running tasks: ${answer.message}`)
}
