import { createHash, randomBytes } from 'node:crypto'
import type { Cluster, InstanceGroup } from './cluster-object.ts'
import { toYaml } from './registry.ts'
import type { StateStore } from './store.ts'

type ManagedFile = { path: string; content: string }

const addons = [
  ['aws-cloud-controller.addons.k8s.io', 'k8s-1.18'],
  ['aws-ebs-csi-driver.addons.k8s.io', 'k8s-1.17'],
  ['coredns.addons.k8s.io', 'k8s-1.12'],
  ['kops-controller.addons.k8s.io', 'k8s-1.16'],
  ['kubelet-api.rbac.addons.k8s.io', 'k8s-1.9'],
  ['leader-migration.rbac.addons.k8s.io', 'k8s-1.23'],
  ['limit-range.addons.k8s.io', 'v1.5.0'],
  ['networking.cilium.io', 'k8s-1.16-v1.15'],
  ['node-termination-handler.aws', 'k8s-1.11'],
  ['storage-aws.addons.k8s.io', 'v1.15.0'],
] as const

const secrets = [
  'admin',
  'kube',
  'kube-proxy',
  'kubelet',
  'system:controller_manager',
  'system:dns',
  'system:logging',
  'system:monitoring',
  'system:scheduler',
]

/** Writes the files from which machines and add-ons of the cluster are configured. */
export async function writeManagedFiles(
  store: StateStore,
  cluster: Cluster,
  groups: readonly InstanceGroup[],
  apiHost: string,
): Promise<void> {
  const name = cluster.metadata.name
  const files = [
    ...addonFiles(cluster),
    ...nodeFiles(cluster, groups, apiHost),
    ...etcdFiles(cluster, groups),
    { path: 'cluster-completed.spec', content: toYaml(completed(cluster)) },
  ]
  await Promise.all(files.map(({ path, content }) => store.write(`${name}/${path}`, content)))
  await writeSecrets(store, name)
}

async function writeSecrets(store: StateStore, name: string): Promise<void> {
  const present = new Set(await store.list(`${name}/secrets/`))
  const lacking = secrets.map(secret => `${name}/secrets/${secret}`).filter(path => !present.has(path))
  const token = () => randomBytes(96).toString('base64').replace(/[=+/]/g, '').slice(0, 32)
  const content = () => JSON.stringify({ Data: Buffer.from(token()).toString('base64') })
  await Promise.all(lacking.map(path => store.write(path, content())))
}

function addonFiles(cluster: Cluster): ManagedFile[] {
  const channels = addons.map(([addon, version]) => {
    const content = toYaml({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { labels: { 'addon.kops.k8s.io/name': addon }, name: addon, namespace: 'kube-system' },
      data: { cluster: cluster.metadata.name },
    })
    return { addon, manifest: `${addon}/${version}.yaml`, content }
  })
  const bootstrap = {
    kind: 'Addons',
    metadata: { creationTimestamp: null, name: 'bootstrap' },
    spec: {
      addons: channels.map(({ addon, manifest, content }) => ({
        id: manifest.slice(addon.length + 1, -'.yaml'.length),
        manifest,
        manifestHash: createHash('sha256').update(content).digest('hex'),
        name: addon,
        selector: { 'k8s-addon': addon },
        version: '9.99.0',
      })),
    },
  }
  return [
    { path: 'addons/bootstrap-channel.yaml', content: toYaml(bootstrap) },
    ...channels.map(({ manifest, content }) => ({ path: `addons/${manifest}`, content })),
  ]
}

function nodeFiles(cluster: Cluster, groups: readonly InstanceGroup[], apiHost: string): ManagedFile[] {
  return groups.map(({ metadata, spec }) => {
    const role = spec.role === 'Master' ? 'control-plane' : 'node'
    const config = {
      ...(spec.role === 'Master' && { ApiserverAdditionalIPs: [apiHost] }),
      ClusterName: cluster.metadata.name,
      InstanceGroupName: metadata.name,
      InstanceGroupRole: spec.role === 'Master' ? 'ControlPlane' : 'Node',
      KubernetesVersion: cluster.spec.kubernetesVersion,
    }
    return { path: `igconfig/${role}/${metadata.name}/nodeupconfig.yaml`, content: toYaml(config) }
  })
}

function etcdFiles(cluster: Cluster, groups: readonly InstanceGroup[]): ManagedFile[] {
  const controlPlanes = groups.filter(({ spec }) => spec.role === 'Master')
  const manifest = (etcd: string, group: string) =>
    toYaml({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `etcd-manager-${etcd}`, namespace: 'kube-system' },
      spec: { hostNetwork: true, nodeSelector: { 'kops.k8s.io/instancegroup': group } },
    })
  const perEtcd = ['events', 'main'].flatMap(etcd => [
    ...controlPlanes.map(({ metadata }) => ({
      path: `manifests/etcd/${etcd}-${metadata.name}.yaml`,
      content: manifest(etcd, metadata.name),
    })),
    {
      path: `backups/etcd/${etcd}/control/etcd-cluster-spec`,
      content: JSON.stringify({ memberCount: controlPlanes.length, etcdVersion: '3.6.6' }),
    },
  ])
  const checks = ['kube-apiserver-healthcheck', 'kube-scheduler'].map(name => ({
    path: `manifests/static/${name}.yaml`,
    content: toYaml({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: cluster.metadata.name } }),
  }))
  return [...perEtcd, ...checks]
}

function completed(cluster: Cluster): Cluster {
  const { name } = cluster.metadata
  return {
    ...cluster,
    spec: {
      ...cluster.spec,
      clusterDNSDomain: 'cluster.local',
      keyStore: `${cluster.spec.configBase}/pki`,
      masterInternalName: `api.internal.${name}`,
      secretStore: `${cluster.spec.configBase}/secrets`,
      serviceClusterIPRange: '100.64.0.0/13',
    },
  }
}
