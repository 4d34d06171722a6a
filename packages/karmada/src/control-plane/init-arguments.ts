export type EtcdStorage = { mode: 'empty-dir' } | { mode: 'pvc'; storageClass: string }

export type InitSettings = {
  /** A kubeconfig file with the host's context. */
  kubeconfig: string
  context: string
  /** A directory of our own: the tool empties it. */
  directory: string
  /** NodePort in the host cluster, and port on this machine where the API server is reached meanwhile. */
  port: number
  etcd: EtcdStorage
  /** Further names for the API server's certificate; one may start with `*.`. */
  names?: readonly string[] | undefined
  /** Archive of the definitions of Karmada's types; left out, the tool downloads that of its release. */
  definitions?: string | undefined
}

const componentSeconds = 600

/**
 * The arguments of `karmadactl init` that let a machine outside the cluster's network install it: the tool is
 * told that the API server is on 127.0.0.1, where a forwarded port carries it to the pod. The certificate holds
 * that address. Left to itself the tool would choose a node's internal address, which cannot be reached.
 */
export function initArguments(settings: InitSettings): string[] {
  const { kubeconfig, context, directory, port, etcd, names = [], definitions } = settings
  return [
    'init',
    `--kubeconfig=${kubeconfig}`,
    `--context=${context}`,
    '--namespace=karmada-system',
    // The second does not follow from the first, and both default to /etc.
    `--karmada-data=${directory}/data`,
    `--karmada-pki=${directory}/pki`,
    '--karmada-apiserver-advertise-address=127.0.0.1',
    `--port=${port}`,
    ...(etcd.mode === 'empty-dir'
      ? ['--etcd-storage-mode=emptyDir']
      : ['--etcd-storage-mode=PVC', `--storage-classes-name=${etcd.storageClass}`]),
    `--wait-component-ready-timeout=${componentSeconds}`,
    ...(names.length > 0 ? [`--cert-external-dns=${names.join(',')}`] : []),
    ...(definitions === undefined ? [] : [`--crds=${definitions}`]),
  ]
}

/** The arguments of `karmadactl deinit`, without its question and with the namespace. */
export function deinitArguments(settings: Pick<InitSettings, 'kubeconfig' | 'context'>): string[] {
  return [
    'deinit',
    `--kubeconfig=${settings.kubeconfig}`,
    `--context=${settings.context}`,
    '--namespace=karmada-system',
    '--purge-namespace',
    '--force',
  ]
}
