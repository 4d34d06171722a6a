import type { Flag, FlagKind } from '../flags.ts'

export const karmadaVersion = 'v1.18.2'

/** What `karmadactl version` says. */
export const versionLine = `karmadactl version: version.Info{GitVersion:"${karmadaVersion}", GitTreeState:"clean", Compiler:"gc", Platform:"linux/amd64"}`

const releases = 'https://github.com/karmada-io/karmada/releases/download'

/** Where the definitions come from unless `--crds` says otherwise. */
export const defaultCrds = `${releases}/${karmadaVersion}/crds.tar.gz`

function flag(name: string, kind: FlagKind, fallback: string, usage: string, short?: string): Flag {
  return { name, kind, usage, ...(fallback && { default: fallback }), ...(short && { short }) }
}

const components = [
  'karmada-apiserver',
  'karmada-aggregated-apiserver',
  'karmada-kube-controller-manager',
  'karmada-controller-manager',
  'karmada-scheduler',
  'karmada-webhook',
]

/** `--kubeconfig`, `--context` and `--namespace`, which all commands on the host cluster have. */
export const hostFlags: Flag[] = [
  flag('kubeconfig', 'text', '', 'absolute path to the kubeconfig file'),
  flag('context', 'text', '', 'The name of the kubeconfig context to use'),
  flag('namespace', 'text', 'karmada-system', 'Kubernetes namespace', 'n'),
]

/** Every flag of `karmadactl init`. */
export const initFlags: Flag[] = [
  ...hostFlags,
  flag('karmada-data', 'text', '/etc/karmada', 'Karmada data path. kubeconfig cert and crds files', 'd'),
  flag('karmada-pki', 'text', '/etc/karmada/pki', 'Karmada pki path. Karmada cert files'),
  flag('port', 'number', '32443', 'Karmada apiserver service node port', 'p'),
  flag(
    'karmada-apiserver-advertise-address',
    'text',
    '',
    'The IP address the Karmada API Server will advertise',
  ),
  flag('cert-external-ip', 'text', '', 'the external IP of Karmada certificate (e.g 192.168.1.2,172.16.1.2)'),
  flag(
    'cert-external-dns',
    'text',
    '',
    'the external DNS of Karmada certificate (e.g localhost,localhost.com)',
  ),
  flag('cert-validity-period', 'duration', '8760h0m0s', 'the validity period of Karmada certificate'),
  flag('ca-cert-file', 'text', '', 'root CA certificate file which will be used to issue new certificates'),
  flag('ca-key-file', 'text', '', 'root CA private key file which will be used to issue new certificates'),
  flag('host-cluster-domain', 'text', 'cluster.local', 'The cluster domain of karmada host cluster'),
  flag('etcd-storage-mode', 'text', 'hostPath', 'etcd data storage mode(emptyDir,hostPath,PVC)'),
  flag('etcd-data', 'text', '/var/lib/karmada-etcd', 'etcd data path,valid in hostPath mode'),
  flag('etcd-pvc-size', 'text', '5Gi', 'etcd data path,valid in pvc mode'),
  flag('etcd-replicas', 'number', '1', 'etcd replica set, cluster 3,5...singular'),
  flag('etcd-image', 'text', '', 'etcd image'),
  flag('etcd-init-image', 'text', 'docker.io/alpine:3.21.0', 'etcd init container image'),
  flag('etcd-node-selector-labels', 'text', '', 'the labels used for etcd pod to select nodes'),
  flag('etcd-priority-class', 'text', 'system-node-critical', 'The priority class name for the etcd'),
  flag('storage-classes-name', 'text', '', 'Kubernetes StorageClasses Name'),
  flag('external-etcd-servers', 'text', '', 'The server urls of external etcd cluster'),
  flag('external-etcd-ca-cert-path', 'text', '', 'The path of CA certificate of the external etcd cluster'),
  flag(
    'external-etcd-client-cert-path',
    'text',
    '',
    'The path of client certificate to the external etcd cluster',
  ),
  flag('external-etcd-client-key-path', 'text', '', 'The path of private key to the external etcd cluster'),
  flag('external-etcd-key-prefix', 'text', '', 'The key prefix to be configured to kube-apiserver'),
  flag('crds', 'text', defaultCrds, 'Karmada crds resource'),
  flag('private-image-registry', 'text', '', 'Private image registry where pull images from'),
  flag('kube-image-registry', 'text', 'registry.k8s.io', 'Kubernetes image registry'),
  flag('kube-image-mirror-country', 'text', '', 'Country code of the kube image registry to be used'),
  flag('kube-image-tag', 'text', 'v1.35.2', 'Choose a specific Kubernetes version for the control plane'),
  flag(
    'image-pull-policy',
    'text',
    'IfNotPresent',
    'The image pull policy for all Karmada components container',
  ),
  flag(
    'image-pull-secrets',
    'list',
    '',
    'Image pull secrets are used to pull images from the private registry',
  ),
  flag(
    'wait-component-ready-timeout',
    'number',
    '120',
    'Wait for karmada component ready timeout. 0 means wait forever',
  ),
  ...components.flatMap(name => [
    flag(`${name}-replicas`, 'number', '1', `${name} replica set`),
    flag(`${name}-image`, 'text', '', `${name} image`),
    flag(`${name}-extra-args`, 'list', '', `Specify additional command args for ${name}`),
    flag(`${name}-priority-class`, 'text', 'system-node-critical', `The priority class name for ${name}`),
  ]),
]
