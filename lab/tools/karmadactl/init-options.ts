import { isIP } from 'node:net'
import type { Flags } from '../flags.ts'
import { ToolError } from '../terminal.ts'

/** What `karmadactl init` was asked for. */
export type InitOptions = {
  kubeconfig: string
  context: string
  namespace: string
  /** Emptied at the start. */
  dataDirectory: string
  pkiDirectory: string
  port: number
  advertiseAddress: string
  externalIps: string[]
  externalDns: string[]
  validityHours: number
  hostDomain: string
  etcd: {
    mode: 'emptyDir' | 'hostPath' | 'PVC'
    replicas: number
    storageClass: string
    size: string
    path: string
  }
  replicas(component: string): number
  extraArguments(component: string): string[]
  images: { registry: string; kubeRegistry: string; kubeTag: string }
  crds: string
  /** World seconds per component; 0 waits for ever. */
  readyTimeout: number
}

/** Reads and checks the flags as karmadactl does before it touches anything. Throws `ToolError`. */
export function readInitOptions(flags: Flags): InitOptions {
  const advertiseAddress = flags.text('karmada-apiserver-advertise-address')
  if (advertiseAddress !== '' && isIP(advertiseAddress) === 0) {
    throw new ToolError('karmada apiserver advertise address is not valid')
  }
  if ((flags.text('ca-cert-file') === '') !== (flags.text('ca-key-file') === '')) {
    throw new ToolError('ca-cert-file and ca-key-file must be used together')
  }
  return {
    kubeconfig: flags.text('kubeconfig'),
    context: flags.text('context'),
    namespace: flags.text('namespace'),
    dataDirectory: flags.text('karmada-data'),
    pkiDirectory: flags.text('karmada-pki'),
    port: flags.number('port'),
    advertiseAddress,
    externalIps: flags.text('cert-external-ip').split(',').filter(Boolean),
    externalDns: flags.text('cert-external-dns').split(',').filter(Boolean),
    validityHours: flags.duration('cert-validity-period') / 3_600_000,
    hostDomain: flags.text('host-cluster-domain'),
    etcd: readEtcd(flags),
    replicas: component => flags.number(`${component}-replicas`),
    extraArguments: component => flags.list(`${component}-extra-args`),
    images: {
      registry: flags.text('private-image-registry'),
      kubeRegistry: flags.text('kube-image-registry'),
      kubeTag: flags.text('kube-image-tag'),
    },
    crds: flags.text('crds'),
    readyTimeout: flags.number('wait-component-ready-timeout'),
  }
}

function readEtcd(flags: Flags): InitOptions['etcd'] {
  const mode = flags.text('etcd-storage-mode')
  const replicas = flags.number('etcd-replicas')
  const storageClass = flags.text('storage-classes-name')
  if (mode !== 'emptyDir' && mode !== 'hostPath' && mode !== 'PVC') {
    throw new ToolError(`unsupported etcd-storage-mode ${mode}. support: emptyDir|hostPath|PVC`)
  }
  if (mode === 'hostPath' && replicas !== 1) {
    throw new ToolError('for data security,when etcd storage mode is hostPath,etcd-replicas can only be 1')
  }
  if (mode === 'PVC' && storageClass === '') {
    throw new ToolError('When etcd storage mode is PVC, storageClassesName is not empty')
  }
  return { mode, replicas, storageClass, size: flags.text('etcd-pvc-size'), path: flags.text('etcd-data') }
}
