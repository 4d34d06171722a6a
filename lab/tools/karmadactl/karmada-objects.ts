import { karmadaWebhooks } from '@meridian/lab-karmada/kinds'
import type { InitOptions } from './init-options.ts'
import type { KubeObject } from './kube-client.ts'

/** The webhooks that default and check Karmada's kinds, served by karmada-webhook in the host cluster. */
export function webhookObjects({ namespace }: InitOptions, authority: string): KubeObject[] {
  return karmadaWebhooks(
    `https://karmada-webhook.${namespace}.svc:443`,
    Buffer.from(authority).toString('base64'),
  )
}

/** The registration of the Cluster type, and the Service through which the API server reaches its server. */
export function aggregationObjects({ namespace, hostDomain }: InitOptions, authority: string): KubeObject[] {
  const name = 'karmada-aggregated-apiserver'
  const externalName = `${name}.${namespace}.svc.${hostDomain}`
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { type: 'ExternalName', externalName },
    },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1alpha1.cluster.karmada.io', labels: { app: name, apiserver: 'true' } },
      spec: {
        group: 'cluster.karmada.io',
        version: 'v1alpha1',
        groupPriorityMinimum: 2000,
        versionPriority: 10,
        service: { name, namespace },
        caBundle: Buffer.from(authority).toString('base64'),
      },
    },
  ]
}

/** Rights and published facts: who may go through clusters/proxy, and how a member finds this API. */
export function accessObjects(server: string, authority: string): KubeObject[] {
  const name = 'cluster-proxy-admin'
  const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' }
  const kubeconfig = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: '',
        cluster: { 'certificate-authority-data': Buffer.from(authority).toString('base64'), server },
      },
    ],
  })
  return [
    {
      ...rbac,
      kind: 'ClusterRole',
      metadata: { name },
      rules: [{ apiGroups: ['cluster.karmada.io'], resources: ['clusters/proxy'], verbs: ['*'] }],
    },
    {
      ...rbac,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'system:admin' }],
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'cluster-info', namespace: 'kube-public' },
      data: { kubeconfig },
    },
  ]
}
