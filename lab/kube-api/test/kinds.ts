import type { Fields } from '@meridian/lab-world/json'

const metadata = { name: 'web', namespace: 'default' }
const labels = { app: 'web' }
const container = { name: 'web', image: 'nginx:1.27' }
const podTemplate = { metadata: { labels }, spec: { containers: [container] } }
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
const accessGroup = 'rbac.authorization.k8s.io'

function object(apiVersion: string, kind: string, content: Fields, cluster = false): Fields {
  return { apiVersion, kind, metadata: cluster ? { name: 'web' } : metadata, ...content }
}

/** An object of each kind that people write, as small as a server takes it, by its plural. */
export const validObjects = {
  pods: object('v1', 'Pod', { spec: { containers: [container] } }),
  deployments: object('apps/v1', 'Deployment', {
    spec: { selector: { matchLabels: labels }, template: podTemplate },
  }),
  statefulsets: object('apps/v1', 'StatefulSet', {
    spec: { serviceName: 'web', selector: { matchLabels: labels }, template: podTemplate },
  }),
  daemonsets: object('apps/v1', 'DaemonSet', {
    spec: { selector: { matchLabels: labels }, template: podTemplate },
  }),
  jobs: object('batch/v1', 'Job', {
    spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } },
  }),
  cronjobs: object('batch/v1', 'CronJob', {
    spec: {
      schedule: '0 3 * * *',
      jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } },
    },
  }),
  services: object('v1', 'Service', { spec: { selector: labels, ports: [{ port: 80 }] } }),
  ingresses: object('networking.k8s.io/v1', 'Ingress', {
    spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
  }),
  networkpolicies: object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {} } }),
  horizontalpodautoscalers: object('autoscaling/v2', 'HorizontalPodAutoscaler', {
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
  }),
  poddisruptionbudgets: object('policy/v1', 'PodDisruptionBudget', { spec: { minAvailable: 1 } }),
  configmaps: object('v1', 'ConfigMap', { data: { a: 'b' } }),
  secrets: object('v1', 'Secret', { stringData: { a: 'b' } }),
  roles: object(`${accessGroup}/v1`, 'Role', {
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  }),
  rolebindings: object(`${accessGroup}/v1`, 'RoleBinding', {
    roleRef: { apiGroup: accessGroup, kind: 'Role', name: 'web' },
    subjects: [{ kind: 'User', name: 'ada' }],
  }),
  persistentvolumeclaims: object('v1', 'PersistentVolumeClaim', { spec: claim }),
  csidrivers: object('storage.k8s.io/v1', 'CSIDriver', { spec: {} }, true),
  storageclasses: object('storage.k8s.io/v1', 'StorageClass', { provisioner: 'ebs.csi.aws.com' }, true),
  priorityclasses: object('scheduling.k8s.io/v1', 'PriorityClass', { value: 10 }, true),
} satisfies Record<string, Fields>

export type Plural = keyof typeof validObjects

/** Where objects of a kind are created. */
export function pathOf(plural: Plural): string {
  const {
    apiVersion,
    metadata: { namespace },
  } = validObjects[plural] as {
    apiVersion: string
    metadata: { namespace?: string }
  }
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  return `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`
}

/** The object with another value at a path such as `spec.ports.0.port`; undefined takes the field away. */
export function withValue(object: unknown, path: string, value: unknown): unknown {
  const [step = '', ...rest] = path.split('.')
  const copy: Fields | unknown[] = Array.isArray(object) ? [...object] : { ...(object as Fields) }
  const inner = (copy as Fields)[step]
  const next = rest.length === 0 ? value : withValue(inner ?? {}, rest.join('.'), value)
  if (next === undefined) delete (copy as Fields)[step]
  else (copy as Fields)[step] = next
  return copy
}
