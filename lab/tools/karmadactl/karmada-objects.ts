import type { InitOptions } from './init-options.ts'
import type { KubeObject } from './kube-client.ts'

// The definitions in the archive of a release: group, version, kinds.
const definitions: [group: string, version: string, kinds: Record<string, string>][] = [
  ['apps.karmada.io', 'v1alpha1', { workloadrebalancers: 'WorkloadRebalancer' }],
  [
    'autoscaling.karmada.io',
    'v1alpha1',
    { cronfederatedhpas: 'CronFederatedHPA', federatedhpas: 'FederatedHPA' },
  ],
  [
    'config.karmada.io',
    'v1alpha1',
    {
      resourceinterpretercustomizations: 'ResourceInterpreterCustomization',
      resourceinterpreterwebhookconfigurations: 'ResourceInterpreterWebhookConfiguration',
    },
  ],
  ['multicluster.x-k8s.io', 'v1alpha1', { serviceexports: 'ServiceExport', serviceimports: 'ServiceImport' }],
  [
    'networking.karmada.io',
    'v1alpha1',
    { multiclusteringresses: 'MultiClusterIngress', multiclusterservices: 'MultiClusterService' },
  ],
  [
    'policy.karmada.io',
    'v1alpha1',
    {
      clusteroverridepolicies: 'ClusterOverridePolicy',
      clusterpropagationpolicies: 'ClusterPropagationPolicy',
      clustertaintpolicies: 'ClusterTaintPolicy',
      federatedresourcequotas: 'FederatedResourceQuota',
      overridepolicies: 'OverridePolicy',
      propagationpolicies: 'PropagationPolicy',
    },
  ],
  ['remedy.karmada.io', 'v1alpha1', { remedies: 'Remedy' }],
  [
    'work.karmada.io',
    'v1alpha2',
    { clusterresourcebindings: 'ClusterResourceBinding', resourcebindings: 'ResourceBinding' },
  ],
  ['work.karmada.io', 'v1alpha1', { works: 'Work' }],
]
const clusterScoped =
  /^Cluster(Override|Propagation|Resource|Taint)|^Remedy|^ResourceInterpreter|^WorkloadRebalancer/

/** The custom resource definitions of Karmada. */
export function definitionObjects(): KubeObject[] {
  return definitions.flatMap(([group, version, kinds]) =>
    Object.entries(kinds).map(([plural, kind]) => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
        scope: clusterScoped.test(kind) ? 'Cluster' : 'Namespaced',
        versions: [
          {
            name: version,
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
            subresources: { status: {} },
          },
        ],
      },
    })),
  )
}

/** The webhooks that check policies, served by karmada-webhook in the host cluster. */
export function webhookObjects({ namespace }: InitOptions, authority: string): KubeObject[] {
  const clientConfig = {
    url: `https://karmada-webhook.${namespace}.svc:443`,
    caBundle: Buffer.from(authority).toString('base64'),
  }
  const webhook = {
    name: 'propagationpolicy.karmada.io',
    rules: [
      {
        operations: ['CREATE', 'UPDATE'],
        apiGroups: ['policy.karmada.io'],
        apiVersions: ['*'],
        resources: ['propagationpolicies'],
        scope: 'Namespaced',
      },
    ],
    clientConfig,
    failurePolicy: 'Fail',
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    timeoutSeconds: 3,
  }
  const make = (kind: string, name: string): KubeObject => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name },
    webhooks: [webhook],
  })
  return [
    make('MutatingWebhookConfiguration', 'mutating-config'),
    make('ValidatingWebhookConfiguration', 'validating-config'),
  ]
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
