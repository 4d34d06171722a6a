import { type Client, eventually, type Member } from '@meridian/lab-clusters/testing'
import type { KubeObject } from '@meridian/lab-kube-api'

const label = { 'karmada.io/system': 'true' }
const namespace = 'karmada-cluster'

/** Joins a member natively: accounts and tokens there, Secrets and a Cluster in the federation. */
export async function joinMember(fed: Client, alias: string, { spec, admin }: Member): Promise<void> {
  await admin('POST', '/api/v1/namespaces', { metadata: { name: namespace, labels: label } })
  const credentials = await createAccount(admin, `karmada-${alias}`)
  const impersonator = await createAccount(admin, 'karmada-impersonator')
  await grantEverything(admin, `karmada-${alias}`)
  const secrets = `/api/v1/namespaces/${namespace}/secrets`
  const data = { caBundle: credentials['ca.crt'], token: credentials.token }
  await fed('POST', secrets, { metadata: { name: alias, labels: label }, data })
  const impersonation = {
    metadata: { name: `${alias}-impersonator`, labels: label },
    data: { token: impersonator.token },
  }
  await fed('POST', secrets, impersonation)
  const joined = await fed('POST', '/apis/cluster.karmada.io/v1alpha1/clusters', {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: alias },
    spec: {
      syncMode: 'Push',
      apiEndpoint: `https://${spec.apiHost}`,
      secretRef: { namespace, name: alias },
      impersonatorSecretRef: { namespace, name: `${alias}-impersonator` },
      provider: 'aws',
      region: spec.region,
      zones: [`${spec.region}a`],
    },
  })
  if (joined.status !== 201) throw new Error(JSON.stringify(joined.body))
}

/** Waits until a member may be scheduled to. */
export function untilJoined(fed: Client, alias: string): Promise<KubeObject> {
  return eventually(async () => {
    const { body } = await fed('GET', `/apis/cluster.karmada.io/v1alpha1/clusters/${alias}`)
    const { status, spec } = body as {
      status?: { conditions?: { status: string }[] }
      spec?: { taints?: unknown[] }
    }
    const settled =
      status?.conditions?.length === 2 && status.conditions.every(each => each.status === 'True')
    return settled && !spec?.taints ? body : undefined
  })
}

async function createAccount(admin: Client, name: string): Promise<Record<string, string>> {
  const within = `/api/v1/namespaces/${namespace}`
  await admin('POST', `${within}/serviceaccounts`, { metadata: { name, labels: label } })
  await admin('POST', `${within}/secrets`, {
    type: 'kubernetes.io/service-account-token',
    metadata: { name, labels: label, annotations: { 'kubernetes.io/service-account.name': name } },
  })
  return eventually(async () => {
    const { body } = await admin('GET', `${within}/secrets/${name}`)
    const data = body.data as Record<string, string> | undefined
    return data?.token ? data : undefined
  })
}

async function grantEverything(admin: Client, account: string): Promise<void> {
  const rbac = '/apis/rbac.authorization.k8s.io/v1'
  const name = `karmada-controller-manager:${account}`
  await admin('POST', `${rbac}/clusterroles`, {
    metadata: { name, labels: label },
    rules: [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['get'] },
    ],
  })
  await admin('POST', `${rbac}/clusterrolebindings`, {
    metadata: { name, labels: label },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
  })
}
