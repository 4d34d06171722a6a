import type { Kube, KubeObject } from '@meridian/kube'
import { UserError } from '@meridian/runner'
import type { EtcdStorage } from './init-arguments.ts'

const isDefault = 'storageclass.kubernetes.io/is-default-class'

/** Where etcd is to keep its data in a host. Throws a UserError where there is no class of storage for it. Only reads. */
export async function chooseStorage(
  host: Pick<Kube, 'context' | 'list'>,
  mode: EtcdStorage['mode'],
): Promise<EtcdStorage> {
  if (mode === 'empty-dir') return { mode }
  const classes = await host.list({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' })
  const byDefault = classes.find(({ metadata }) => metadata.annotations?.[isDefault] === 'true')
  if (byDefault) return { mode, storageClass: byDefault.metadata.name }
  throw explainLack(host.context, classes)
}

function explainLack(context: string, classes: readonly KubeObject[]): UserError {
  const names = classes.map(({ metadata }) => metadata.name)
  const [first = 'NAME'] = names
  const mark = `kubectl --context=${context} annotate storageclass ${first} ${isDefault}=true`
  const there = names.length > 0 ? `only ${names.join(', ')}` : 'and no other'
  return new UserError(`cluster ${context} has no default storage class for the volume of etcd, ${there}`, {
    fix: `Mark one whose driver runs there as the default (\`${mark}\`; a new cluster of EKS has no driver yet, see docs/eks.md), or set etcd-storage to empty-dir, which loses the federation's data with its pod. Nothing has been installed.`,
    input: 'etcd-storage',
  })
}
