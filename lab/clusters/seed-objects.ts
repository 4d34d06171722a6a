import type { KubeObject, Store } from '@meridian/lab-kube-api'
import { writeStatus } from './write-status.ts'

const storageClasses: { name: string; type: string; standard: boolean }[] = [
  { name: 'default', type: 'gp2', standard: false },
  { name: 'kops-csi-1-21', type: 'gp3', standard: true },
  { name: 'kops-ssd-1-17', type: 'gp2', standard: false },
]

/** The storage classes that kops installs. */
export function seedObjects(): KubeObject[] {
  return storageClasses.map(({ name, type, standard }) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': `${standard}` } },
    provisioner: 'ebs.csi.aws.com',
    parameters: { type, encrypted: 'true' },
    reclaimPolicy: 'Delete',
    allowVolumeExpansion: true,
    volumeBindingMode: 'WaitForFirstConsumer',
  }))
}

/** Whether a provisioner is a driver of the CSI, by its name: others have no object of their own. */
export const isDriver = (provisioner: string): boolean => !provisioner.includes('/')

/** What the driver of a provisioner of volumes says of itself, as that of EBS does. */
export function driverObject(name: string): KubeObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name },
    spec: { attachRequired: true, podInfoOnMount: false, fsGroupPolicy: 'ReadWriteOnceWithFSType' },
  }
}

/** Creates an object together with a status, which a create alone would drop. */
export function createWithStatus(store: Store, object: KubeObject): KubeObject {
  const created = store.create(object.kind, object)
  return object.status ? (writeStatus(store, created, object.status) ?? created) : created
}
