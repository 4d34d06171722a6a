import {
  adminOf,
  type Client,
  eventually,
  type Member,
  startTestWorld,
  type TestWorld,
} from '@meridian/lab-clusters/testing'
import { coreKinds } from '@meridian/lab-kube-api'
import {
  createAuthority,
  issueClientCertificate,
  issueServerCertificate,
  type KeyPair,
} from '@meridian/lab-kube-api/certificates'
import type { World } from '@meridian/lab-world'
import { createFederationHost } from '../host.ts'
import { karmadaKinds } from '../kinds/index.ts'
import { clusterTaintPolicyKind } from '../kinds/taint-policy.ts'

const kinds = [...coreKinds, ...karmadaKinds, clusterTaintPolicyKind(() => true)]

/** A fast world on whose clusters Karmada can be installed. */
export const startFederationWorld = (scale?: number): TestWorld => startTestWorld(scale, createFederationHost)

/** A client with an administrator's certificate, to the control plane behind a load balancer. */
export const federationAdmin = (world: World, authority: KeyPair, hostname: string): Promise<Client> =>
  adminOf(world, authority, hostname, 5443, { servername: 'kubernetes.default.svc', kinds })

const components = [
  'karmada-apiserver',
  'karmada-aggregated-apiserver',
  'karmada-scheduler',
  'kube-controller-manager',
  'karmada-controller-manager',
]

/** Installs a control plane as its installer leaves it, with a load balancer, and gives the federation's admin. */
export async function installKarmada(
  { world }: TestWorld,
  { admin }: Member,
  flags: Readonly<Record<string, readonly string[]>> = {},
): Promise<Client> {
  const authority = await createAuthority('karmada')
  const server = await issueServerCertificate(authority, [
    'kubernetes.default.svc',
    'localhost',
    '127.0.0.1',
    '*.us-east-1.elb.amazonaws.com',
  ])
  const administrator = await issueClientCertificate(authority, {
    user: 'system:admin',
    groups: ['system:masters'],
  })
  const encode = (text: string) => Buffer.from(text).toString('base64')
  const metadata = (name: string) => ({
    name,
    namespace: 'karmada-system',
    labels: { app: name, 'karmada.io/bootstrapping': 'defaults' },
  })
  const inNamespace = '/api/v1/namespaces/karmada-system'
  await admin('POST', '/api/v1/namespaces', { metadata: { name: 'karmada-system' } })
  const data = {
    'ca.crt': encode(authority.certificate),
    'apiserver.crt': encode(server.certificate),
    'apiserver.key': encode(server.key),
    'karmada.crt': encode(administrator.certificate),
    'karmada.key': encode(administrator.key),
  }
  await admin('POST', `${inNamespace}/secrets`, { metadata: metadata('karmada-cert'), data })
  const workload = (name: string) => ({
    metadata: metadata(name),
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name, image: name, command: [name, ...(flags[name] ?? [])] }] },
      },
    },
  })
  const apps = '/apis/apps/v1/namespaces/karmada-system'
  await admin('POST', `${apps}/statefulsets`, {
    ...workload('etcd'),
    spec: { ...workload('etcd').spec, serviceName: 'etcd' },
  })
  const all = new Set([...components, ...Object.keys(flags)])
  for (const name of all) await admin('POST', `${apps}/deployments`, workload(name))
  await admin('POST', `${inNamespace}/services`, {
    metadata: metadata('karmada-apiserver-lb'),
    spec: {
      type: 'LoadBalancer',
      selector: { app: 'karmada-apiserver' },
      ports: [{ port: 5443, targetPort: 5443 }],
    },
  })
  const hostname = await eventually(async () => {
    const { body } = await admin('GET', `${inNamespace}/services/karmada-apiserver-lb`)
    const status = body.status as { loadBalancer?: { ingress?: { hostname: string }[] } } | undefined
    return status?.loadBalancer?.ingress?.[0]?.hostname
  })
  await eventually(() => world.network.resolve(hostname, 5443))
  const fed = await federationAdmin(world, authority, hostname)
  await fed('POST', '/apis/apiregistration.k8s.io/v1/apiservices', {
    metadata: { name: 'v1alpha1.cluster.karmada.io' },
    spec: {
      group: 'cluster.karmada.io',
      version: 'v1alpha1',
      groupPriorityMinimum: 2000,
      versionPriority: 10,
    },
  })
  await fed('POST', '/api/v1/namespaces', { metadata: { name: 'karmada-cluster' } })
  return fed
}
