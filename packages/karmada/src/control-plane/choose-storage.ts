import type { Kube, KubeObject } from '@meridian/kube'
import { UserError } from '@meridian/runner'
import type { EtcdStorage } from './init-arguments.ts'

type StorageClass = KubeObject & { provisioner?: string }

const isDefault = 'storageclass.kubernetes.io/is-default-class'
const ebsDriver = 'ebs.csi.aws.com'
/** Provisioners that make volumes only where the driver of EBS is installed: the first was part of Kubernetes once. */
const ofEbs = ['kubernetes.io/aws-ebs', ebsDriver]

/**
 * Where etcd is to keep its data in a host. Throws a UserError where there is no class of storage for it, or nobody who
 * would make a volume of that class. Only reads.
 */
export async function chooseStorage(
  host: Pick<Kube, 'context' | 'list'>,
  mode: EtcdStorage['mode'],
): Promise<EtcdStorage> {
  if (mode === 'empty-dir') return { mode }
  const storage = { apiVersion: 'storage.k8s.io/v1' }
  const [classes, drivers] = await Promise.all([
    host.list<StorageClass>({ ...storage, kind: 'StorageClass' }),
    host.list({ ...storage, kind: 'CSIDriver' }),
  ])
  const byDefault = classes.find(({ metadata }) => metadata.annotations?.[isDefault] === 'true')
  if (byDefault === undefined) throw explainLack(host.context, classes)
  const { name } = byDefault.metadata
  const served = drivers.some(({ metadata }) => metadata.name === ebsDriver)
  if (ofEbs.includes(byDefault.provisioner ?? '') && !served)
    throw refuse(
      `the default storage class ${name} of cluster ${host.context} is of EBS, whose driver is not installed there`,
      'Install it (on EKS its add-on aws-ebs-csi-driver, see docs/eks.md)',
    )
  return { mode, storageClass: name }
}

function explainLack(context: string, classes: readonly KubeObject[]): UserError {
  const names = classes.map(({ metadata }) => metadata.name)
  const [first = 'NAME'] = names
  const mark = `kubectl --context=${context} annotate storageclass ${first} ${isDefault}=true`
  const there = names.length > 0 ? `only ${names.join(', ')}` : 'and no other'
  return refuse(
    `cluster ${context} has no default storage class for the volume of etcd, ${there}`,
    `Mark one whose driver runs there as the default (\`${mark}\`; a new cluster of EKS has no driver yet, see docs/eks.md)`,
  )
}

function refuse(message: string, remedy: string): UserError {
  return new UserError(message, {
    fix: `${remedy}, or set etcd-storage to empty-dir, which loses the federation's data with its pod. Nothing has been installed.`,
    input: 'etcd-storage',
  })
}
