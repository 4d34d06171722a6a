import { atomic, keyedBy, type MergeSchema } from '../merge-schema.ts'
import { conditionsSchema, podSpecSchema, podTemplateSchema } from './pod-schema.ts'

const conditions: MergeSchema = { fields: { conditions: conditionsSchema } }

/** A kind without lists that merge. */
export const plainSchema: MergeSchema = {}

export const podSchema: MergeSchema = {
  fields: {
    spec: podSpecSchema,
    status: { fields: { conditions: conditionsSchema, podIPs: keyedBy('ip'), hostIPs: atomic } },
  },
}

/** Deployments, ReplicaSets, StatefulSets, DaemonSets and Jobs. */
export const workloadSchema: MergeSchema = {
  fields: { spec: { fields: { selector: atomic, template: podTemplateSchema } }, status: conditions },
}

export const cronJobSchema: MergeSchema = {
  fields: { spec: { fields: { jobTemplate: workloadSchema } } },
}

export const serviceSchema: MergeSchema = {
  fields: {
    spec: {
      fields: {
        ports: { keys: ['port', 'protocol'], keyDefaults: { protocol: 'TCP' }, patchKey: 'port' },
        selector: atomic,
        clusterIPs: atomic,
        externalIPs: atomic,
        ipFamilies: atomic,
        loadBalancerSourceRanges: atomic,
      },
    },
    status: { fields: { conditions: conditionsSchema, loadBalancer: { fields: { ingress: atomic } } } },
  },
}

export const nodeSchema: MergeSchema = {
  fields: {
    spec: { fields: { taints: { atomic: true, patchKey: 'key' }, podCIDRs: { set: true } } },
    status: { fields: { conditions: conditionsSchema, addresses: keyedBy('type'), images: atomic } },
  },
}

export const namespaceSchema: MergeSchema = {
  fields: { spec: { fields: { finalizers: atomic } }, status: conditions },
}

export const serviceAccountSchema: MergeSchema = {
  fields: { secrets: keyedBy('name'), imagePullSecrets: { atomic: true, patchKey: 'name' } },
}

export const claimSchema: MergeSchema = {
  fields: {
    spec: { fields: { accessModes: atomic, selector: atomic, dataSource: atomic } },
    status: conditions,
  },
}

export const volumeSchema: MergeSchema = {
  fields: {
    spec: { fields: { accessModes: atomic, claimRef: atomic, nodeAffinity: atomic, mountOptions: atomic } },
  },
}

export const ingressSchema: MergeSchema = {
  fields: {
    spec: { fields: { rules: atomic, tls: atomic } },
    status: { fields: { loadBalancer: { fields: { ingress: atomic } } } },
  },
}

export const bindingSchema: MergeSchema = { fields: { roleRef: atomic, subjects: atomic } }

export const webhooksSchema: MergeSchema = {
  fields: { webhooks: keyedBy('name', { objectSelector: atomic, namespaceSelector: atomic, rules: atomic }) },
}

export const definitionSchema: MergeSchema = {
  fields: { spec: { fields: { versions: atomic } }, status: conditions },
}

export const conditionedSchema: MergeSchema = { fields: { status: conditions } }
