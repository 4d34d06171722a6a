import type { KubeObject } from '@meridian/lab-kube-api'
import { fieldsAt, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { managedAnnotations, managedLabels } from './works.ts'

/**
 * A manifest with what the member itself decides about its object kept as it is there: what controllers of the member
 * have set, but no label or annotation that the federation has taken back. After `retainClusterFields` in
 * pkg/util/objectwatcher and pkg/resourceinterpreter/default/native/retain.go of Karmada.
 */
export function retainFields(manifest: KubeObject, present: KubeObject): KubeObject {
  const { resourceVersion, finalizers, ownerReferences, annotations = {}, labels = {} } = present.metadata
  const wanted: KubeObject = {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      ...(resourceVersion ? { resourceVersion } : {}),
      ...(finalizers ? { finalizers } : {}),
      ...(ownerReferences ? { ownerReferences } : {}),
      labels: retainKeys(manifest.metadata.labels ?? {}, labels, annotations[managedLabels]),
      annotations: retainKeys(
        manifest.metadata.annotations ?? {},
        annotations,
        annotations[managedAnnotations],
      ),
    },
  }
  return retainers[`${manifest.apiVersion} ${manifest.kind}`]?.(wanted, present) ?? wanted
}

type Texts = Readonly<Record<string, string>>

function retainKeys(wanted: Texts, present: Texts, managed = ''): Record<string, string> {
  const sent = new Set(managed.split(','))
  const own = Object.entries(present).filter(([key]) => !sent.has(key))
  return { ...Object.fromEntries(own), ...wanted }
}

type Retainer = (wanted: KubeObject, present: KubeObject) => KubeObject | undefined

const retainers: Readonly<Record<string, Retainer>> = {
  'apps/v1 Deployment': (wanted, present) =>
    wanted.metadata.labels?.['resourcetemplate.karmada.io/retain-replicas'] === 'true'
      ? keep(wanted, present, 'replicas')
      : undefined,
  'v1 Service': (wanted, present) => keep(wanted, present, 'clusterIP', 'clusterIPs', 'healthCheckNodePort'),
  'v1 PersistentVolumeClaim': (wanted, present) => keep(wanted, present, 'volumeName'),
  'v1 PersistentVolume': (wanted, present) => keep(wanted, present, 'claimRef'),
  'v1 ServiceAccount': (wanted, { secrets }) => (secrets ? { ...wanted, secrets } : undefined),
  'v1 Secret': (wanted, { data }) =>
    wanted.type === 'kubernetes.io/service-account-token' && data ? { ...wanted, data } : undefined,
  'batch/v1 Job': retainJob,
  'v1 Pod': retainPod,
}

function keep(wanted: KubeObject, present: KubeObject, ...fields: string[]): KubeObject {
  const kept = fields.flatMap(field => {
    const value = valueAt(present, 'spec', field)
    return value === undefined ? [] : [[field, value] as const]
  })
  return { ...wanted, spec: { ...(wanted.spec as object), ...Object.fromEntries(kept) } }
}

function retainJob(wanted: KubeObject, present: KubeObject): KubeObject {
  const template = fieldsAt(wanted, 'spec', 'template')
  const labels = valueAt(present, 'spec', 'template', 'metadata', 'labels')
  const kept = { ...template, metadata: { ...fieldsAt(template, 'metadata'), ...(labels ? { labels } : {}) } }
  return keep({ ...wanted, spec: { ...(wanted.spec as object), template: kept } }, present, 'selector')
}

// A running pod has been given a node, an account and the volume of its token.
function retainPod(wanted: KubeObject, present: KubeObject): KubeObject {
  const mounted = (list: 'containers' | 'initContainers') => {
    const there = listAt(present, 'spec', list)
    const containers = listAt(wanted, 'spec', list).map(container => {
      const same = there.find(each => textAt(each, 'name') === textAt(container, 'name'))
      const volumeMounts = valueAt(same, 'volumeMounts')
      return { ...(container as object), ...(volumeMounts ? { volumeMounts } : {}) }
    })
    return containers.length > 0 ? { [list]: containers } : {}
  }
  const spec = { ...(wanted.spec as object), ...mounted('containers'), ...mounted('initContainers') }
  return keep({ ...wanted, spec }, present, 'nodeName', 'serviceAccountName', 'volumes')
}
