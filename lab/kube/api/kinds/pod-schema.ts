import { atomic, keyedBy, type MergeSchema } from '../merge-schema.ts'

const valueFrom: MergeSchema = {
  fields: { configMapKeyRef: atomic, secretKeyRef: atomic, fieldRef: atomic, resourceFieldRef: atomic },
}
const probe: MergeSchema = {
  fields: { httpGet: { fields: { httpHeaders: atomic } }, exec: { fields: { command: atomic } } },
}

const container: Record<string, MergeSchema> = {
  ports: {
    keys: ['containerPort', 'protocol'],
    keyDefaults: { protocol: 'TCP' },
    patchKey: 'containerPort',
  },
  env: keyedBy('name', { valueFrom }),
  volumeMounts: keyedBy('mountPath'),
  volumeDevices: keyedBy('devicePath'),
  resources: { fields: { claims: keyedBy('name') } },
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
}

export const podSpecSchema: MergeSchema = {
  fields: {
    containers: keyedBy('name', container),
    initContainers: keyedBy('name', container),
    ephemeralContainers: keyedBy('name', container),
    volumes: keyedBy('name', {
      secret: { fields: { items: atomic } },
      configMap: { fields: { items: atomic } },
    }),
    imagePullSecrets: keyedBy('name'),
    hostAliases: keyedBy('ip'),
    topologySpreadConstraints: {
      keys: ['topologyKey', 'whenUnsatisfiable'],
      patchKey: 'topologyKey',
      items: { fields: { labelSelector: atomic } },
    },
    nodeSelector: atomic,
    tolerations: atomic,
    schedulingGates: keyedBy('name'),
    readinessGates: atomic,
  },
}

export const podTemplateSchema: MergeSchema = { fields: { spec: podSpecSchema } }
export const conditionsSchema: MergeSchema = keyedBy('type')
