import { fieldsAt, isFields, listAt } from '@meridian/lab-world/json'
import { quantityValue } from '../schema/canonical-quantity.ts'
import {
  type FieldProblem,
  forbiddenValue,
  invalidValue,
  requiredValue,
  tooLongValue,
  unsupportedValue,
} from '../status-error.ts'
import { dnsLabelRules, dnsSubdomainRules, qualifiedNameRules } from '../text-rules.ts'
import { fieldPath, ofFiles } from './container-rules.ts'
import { ownPath } from './field-rules.ts'
import {
  distinct,
  immutable,
  isAbsent,
  itemsOf,
  named,
  noMoreThanOneOf,
  oneOf,
  outside,
  partsOf,
  problemsBy,
  type Rule,
  required,
  strictly,
  type TypeRules,
  text,
  type UpdateRule,
  unique,
} from './rule.ts'

/** What is wrong with a file is told of its volume, whichever of its files it is. */
const files: Rule = ({ value, at }) => {
  const here = at.replace(/\.items$/, '')
  return itemsOf(value).flatMap(file => {
    const { path, fieldRef, resourceFieldRef } = partsOf(file)
    return [
      ...(isAbsent(path) ? [requiredValue(`${here}.path`)] : problemsBy(ownPath, path, `${here}.path`)),
      ...problemsBy(fieldPath(ofFiles), fieldRef, `${here}.fieldRef`),
      ...(fieldRef === undefined && resourceFieldRef === undefined
        ? [requiredValue(here, 'one of fieldRef and resourceFieldRef is required')]
        : []),
    ]
  })
}

const mode = outside(0, 0o777, 'must be a number between 0 and 0777 (octal), both inclusive')
const inVolumes = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'flocker',
  'downwardAPI',
  'fc',
  'configMap',
  'azureFile',
  'flexVolume',
  'vsphereVolume',
  'quobyte',
  'azureDisk',
  'storageos',
  'photonPersistentDisk',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'portworxVolume',
  'image',
] as const
const absolute: Rule = ({ value, at }) =>
  String(value ?? '').startsWith('/') ? [] : [invalidValue(at, value ?? '', 'must be an absolute path')]
const descending: Rule = ({ value, at }) =>
  String(value ?? '')
    .split('/')
    .includes('..')
    ? [invalidValue(at, value, "must not contain '..'")]
    : []

const accessModes: Rule = ({ value, at }) => {
  const known = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
  const modes = listAt({ value }, 'value')
  const alone =
    modes.includes('ReadWriteOncePod') &&
    modes.some(each => each !== 'ReadWriteOncePod' && known.includes(String(each)))
  return [
    ...modes.flatMap(each => (known.includes(String(each)) ? [] : [unsupportedValue(at, each, known)])),
    ...(alone ? [forbiddenValue(at, 'may not use ReadWriteOncePod with other access modes')] : []),
  ]
}

const driver: Rule = site =>
  String(site.value ?? '').length > 63 ? [tooLongValue(site.at, 63)] : named(dnsSubdomainRules)(site)

const positiveQuantity = (value: unknown, at: string): FieldProblem[] =>
  quantityValue(value) > 0n ? [] : [invalidValue(at, value, 'must be greater than zero')]

/** The rules of volumes, in pods and of their own. */
export const volumeRules: Readonly<Record<string, TypeRules>> = {
  'core.v1.Volume': {
    '': noMoreThanOneOf(inVolumes, 'may not specify more than 1 volume type'),
    name: named(dnsLabelRules),
  },
  'core.v1.EmptyDirVolumeSource': {
    sizeLimit: ({ value, at }) =>
      value !== undefined && quantityValue(value) < 0n
        ? [forbiddenValue(at, 'SizeLimit field must be a valid resource quantity')]
        : [],
  },
  'core.v1.HostPathVolumeSource': {
    path: [required(), descending],
    type: oneOf(
      '',
      'BlockDevice',
      'CharDevice',
      'Directory',
      'DirectoryOrCreate',
      'File',
      'FileOrCreate',
      'Socket',
    ),
  },
  'core.v1.SecretVolumeSource': { secretName: required(), defaultMode: mode },
  'core.v1.ConfigMapVolumeSource': { name: required(), defaultMode: mode },
  'core.v1.DownwardAPIVolumeSource': { defaultMode: mode, items: files },
  'core.v1.DownwardAPIVolumeFile': { path: [], fieldRef: [] },
  'core.v1.EphemeralVolumeSource': {
    volumeClaimTemplate: ({ value, at }) => (value === undefined ? [requiredValue(at)] : []),
  },
  'core.v1.ProjectedVolumeSource': { defaultMode: mode },
  'core.v1.KeyToPath': { key: required(), path: [required(), ownPath], mode },
  'core.v1.SecretProjection': { name: required() },
  'core.v1.ConfigMapProjection': { name: required() },
  'core.v1.ServiceAccountTokenProjection': {
    path: ({ value, at }) =>
      isAbsent(value) ? [requiredValue(at.replace(/\.sources\[\d+\]\.\w+\.path$/, '.path'))] : [],
    expirationSeconds: ({ value, at }) =>
      typeof value === 'number' && value < 600
        ? [invalidValue(at, value, 'may not specify a duration less than 10 minutes')]
        : [],
  },
  'core.v1.NFSVolumeSource': { server: required(), path: [required(), absolute] },
  'core.v1.CSIVolumeSource': { driver },
  'core.v1.CSIPersistentVolumeSource': { driver, volumeHandle: required() },
  'core.v1.PersistentVolumeClaimSpec': {
    accessModes: [required('at least 1 access mode is required'), accessModes],
    resources: ({ value, at }) => {
      const { storage } = fieldsAt(value, 'requests')
      return storage === undefined
        ? [requiredValue(`${at}[storage]`)]
        : positiveQuantity(storage, `${at}[storage]`)
    },
    storageClassName: text(dnsSubdomainRules),
    volumeMode: oneOf('Block', 'Filesystem'),
  },
  'core.v1.PersistentVolumeSpec': {
    accessModes: [required(), accessModes],
    capacity: ({ value, at }) => {
      const capacity = isFields(value) ? value : {}
      const only = Object.keys(capacity).length === 1 && 'storage' in capacity
      return [
        ...(Object.keys(capacity).length === 0 ? [requiredValue(at)] : []),
        ...(only ? [] : [unsupportedValue(at, value ?? null, ['storage'])]),
        ...Object.entries(capacity).flatMap(([name, size]) =>
          quantityValue(size) < 0n
            ? [
                invalidValue(
                  `${at}[${name}]`,
                  Number(quantityValue(size) / 1_000_000_000n),
                  'must be a valid resource quantity',
                ),
              ]
            : [],
        ),
        ...Object.entries(capacity).flatMap(([name, size]) => positiveQuantity(size, `${at}[${name}]`)),
      ]
    },
    persistentVolumeReclaimPolicy: oneOf('Delete', 'Recycle', 'Retain'),
    storageClassName: text(dnsSubdomainRules),
    volumeMode: oneOf('Block', 'Filesystem'),
    '': ({ value, at }) =>
      isFields(value) && !sources.some(source => value[source] !== undefined)
        ? [requiredValue(at, 'must specify a volume type')]
        : [],
  },
  'storage.v1.StorageClass': {
    provisioner: [
      required(),
      ({ value, at }) =>
        value
          ? qualifiedNameRules(String(value).toLowerCase()).map(rule =>
              invalidValue(at, String(value).toLowerCase(), rule),
            )
          : [],
    ],
    parameters: ({ value, at }) =>
      isFields(value) && '' in value ? [invalidValue(at, '', 'field can not be empty.')] : [],
    reclaimPolicy: oneOf('Delete', 'Retain'),
    volumeBindingMode: oneOf('Immediate', 'WaitForFirstConsumer'),
  },
  'core.v1.TopologySelectorLabelRequirement': {
    values: [required(), unique],
    key: strictly(qualifiedNameRules),
  },
  'core.v1.TopologySelectorTerm': { matchLabelExpressions: distinct('key') },
  'core.v1.VolumeNodeAffinity': {
    required: ({ value, at }) =>
      value === undefined ? [requiredValue(at, 'must specify required node constraints')] : [],
  },
}

const sources = [...inVolumes, 'local'] as const

const keptByClass =
  (field: string): UpdateRule =>
  ({ next, live }) => {
    const problem = immutable(field)({ next, live })
    return problem.length > 0 ? [forbiddenValue(field, `updates to ${field} are forbidden.`)] : []
  }

export const volumeUpdates: Readonly<Record<string, readonly UpdateRule[]>> = {
  'storage.k8s.io/StorageClass': [
    keptByClass('parameters'),
    keptByClass('provisioner'),
    keptByClass('reclaimPolicy'),
    immutable('volumeBindingMode'),
  ],
  '/PersistentVolumeClaim': [
    ({ next, live }) => {
      const bound = fieldsAt(live, 'status').phase === 'Bound'
      const fixed = (object: unknown) => {
        const { resources, volumeAttributesClassName, ...spec } = fieldsAt(object, 'spec')
        if (!fieldsAt(live, 'spec').volumeName) delete spec.volumeName
        return bound ? spec : { ...spec, resources, volumeAttributesClassName }
      }
      const rule =
        'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'
      const [now, before] = [next, live].map(fixed)
      const same = immutable('spec')({ next: { spec: now }, live: { spec: before } }).length === 0
      return same ? [] : [forbiddenValue('spec', rule)]
    },
    ({ next, live }) => {
      const size = (object: unknown) =>
        quantityValue(fieldsAt(object, 'spec', 'resources', 'requests').storage ?? '0')
      const held = quantityValue(fieldsAt(live, 'status', 'capacity').storage ?? '0')
      return size(next) < size(live) && size(next) <= held
        ? [forbiddenValue('spec.resources.requests.storage', 'field can not be less than status.capacity')]
        : []
    },
  ],
}
