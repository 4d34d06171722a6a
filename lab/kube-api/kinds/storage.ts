import { listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { column, columns, wide } from '../columns.ts'
import type { Cell, Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { child, fill } from '../types/fill.ts'

const shortModes: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}
const modesOf = (object: KubeObject, part: string) =>
  listAt(object, part, 'accessModes')
    .map(mode => shortModes[String(mode)] ?? String(mode))
    .join(',')
const unset = (cell: (object: KubeObject) => string) => (object: KubeObject) => cell(object) || '<unset>'
const attributesClass = column(
  'VolumeAttributesClass',
  unset(object => textAt(object, 'spec', 'volumeAttributesClassName')),
)
const modeColumn = wide('VolumeMode', object => textAt(object, 'spec', 'volumeMode'))
const leaving = (phase: (object: KubeObject) => string) => (object: KubeObject) =>
  object.metadata.deletionTimestamp ? 'Terminating' : phase(object)

function claimOf(volume: KubeObject): Cell {
  const name = textAt(volume, 'spec', 'claimRef', 'name')
  return name ? `${textAt(volume, 'spec', 'claimRef', 'namespace')}/${name}` : ''
}

export const volumeKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  singular: 'persistentvolume',
  shortNames: ['pv'],
  namespaced: false,
  status: true,
  returnsDeleted: true,
  columns: columns(
    [
      column('Capacity', object => textAt(object, 'spec', 'capacity', 'storage')),
      column('Access Modes', object => modesOf(object, 'spec')),
      column('Reclaim Policy', object => textAt(object, 'spec', 'persistentVolumeReclaimPolicy')),
      column(
        'Status',
        leaving(object => textAt(object, 'status', 'phase')),
      ),
      column('Claim', claimOf),
      column('StorageClass', object => textAt(object, 'spec', 'storageClassName')),
      attributesClass,
      column('Reason', object => textAt(object, 'status', 'reason')),
    ],
    [modeColumn],
  ),
  prepare(object, previous) {
    if (!previous) object.status = { phase: 'Pending' }
  },
}

function isDefaultClass({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'
}

export const claimKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  namespaced: true,
  status: true,
  returnsDeleted: true,
  columns: columns(
    [
      column(
        'Status',
        leaving(object => textAt(object, 'status', 'phase')),
      ),
      column('Volume', object => textAt(object, 'spec', 'volumeName')),
      column('Capacity', object => textAt(object, 'status', 'capacity', 'storage')),
      column('Access Modes', object => modesOf(object, 'status')),
      column('StorageClass', object => textAt(object, 'spec', 'storageClassName')),
      attributesClass,
    ],
    [modeColumn],
  ),
  prepare(object, previous, store) {
    const standard = store.findKind('storageclasses') && store.list('storageclasses').find(isDefaultClass)
    if (standard && !previous) fill(child(object, 'spec'), { storageClassName: standard.metadata.name })
    if (!previous) object.status = { phase: 'Pending' }
  },
}

export const storageClassKind: Kind = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  singular: 'storageclass',
  shortNames: ['sc'],
  namespaced: false,
  returnsDeleted: true,
  columns: columns([
    column('Provisioner', object => textAt(object, 'provisioner')),
    column('ReclaimPolicy', object => textAt(object, 'reclaimPolicy')),
    column('VolumeBindingMode', object => textAt(object, 'volumeBindingMode')),
    column('AllowVolumeExpansion', object => valueAt(object, 'allowVolumeExpansion') === true, {
      type: 'boolean',
    }),
  ]).map(each =>
    each.name === 'Name'
      ? {
          ...each,
          cell: (object: KubeObject) =>
            `${object.metadata.name}${isDefaultClass(object) ? ' (default)' : ''}`,
        }
      : each,
  ),
}

export const volumeDriverKind: Kind = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  plural: 'csidrivers',
  singular: 'csidriver',
  namespaced: false,
  returnsDeleted: true,
  columns: columns([
    ...(
      [
        ['AttachRequired', 'attachRequired'],
        ['PodInfoOnMount', 'podInfoOnMount'],
        ['StorageCapacity', 'storageCapacity'],
      ] as const
    ).map(([name, field]) =>
      column(name, object => valueAt(object, 'spec', field) === true, { type: 'boolean' }),
    ),
    column(
      'TokenRequests',
      unset(object =>
        listAt(object, 'spec', 'tokenRequests')
          .map(each => textAt(each, 'audience'))
          .join(','),
      ),
    ),
    column('RequiresRepublish', object => valueAt(object, 'spec', 'requiresRepublish') === true, {
      type: 'boolean',
    }),
    column('Modes', object => listAt(object, 'spec', 'volumeLifecycleModes').join(',')),
  ]),
}
