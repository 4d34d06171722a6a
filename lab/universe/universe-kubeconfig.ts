import { type Cluster, type KubeHost, trustOf } from '@meridian/lab-clusters'
import type { KubeObject, Store } from '@meridian/lab-kube-api'
import { issueClientCertificate } from '@meridian/lab-kube-api/certificates'
import { textAt } from '@meridian/lab-world/json'
import { stringify } from 'yaml'

/** What people call the federation's context. */
const federationContext = 'fed'

type Access = { name: string; server: string; ca: string; cert: string; key: string; tlsServerName?: string }

/**
 * A kubeconfig for all of a universe, made from the universe itself (no action has to have run to use it).
 * Names such as `api-….elb.us-east-1.amazonaws.com` resolve through `proxy`, or through whatever the variables of the reader name where there is none.
 */
export async function universeKubeconfig(host: KubeHost, proxy: string | undefined): Promise<string> {
  const members = await Promise.all(host.clusters().map(clusterAccess))
  const federations = host.federations().flatMap(federation => federationAccess(federation.host) ?? [])
  const all = [...members, ...federations]
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: all.map(access => ({ name: access.name, cluster: clusterEntry(access, proxy) })),
      users: all.map(({ name, cert, key }) => ({
        name,
        user: { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) },
      })),
      contexts: all.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
      // The federation, or without one the first cluster.
      'current-context': (federations[0] ?? members[0])?.name ?? '',
    },
    { version: '1.1', lineWidth: 0 },
  )
}

function clusterEntry(
  { server, ca, tlsServerName }: Access,
  proxy: string | undefined,
): Record<string, string> {
  const entry = { server, 'certificate-authority-data': base64(ca), ...(proxy && { 'proxy-url': proxy }) }
  return tlsServerName === undefined ? entry : { ...entry, 'tls-server-name': tlsServerName }
}

async function clusterAccess({ spec, kind }: Cluster): Promise<Access> {
  const admin = await issueClientCertificate(spec.authority, { user: 'lab', groups: ['system:masters'] })
  return {
    name: spec.name.split('.')[0] ?? spec.name,
    server: `https://${spec.apiHost}`,
    ca: trustOf(spec),
    cert: admin.certificate,
    key: admin.key,
    // The API of a cluster of EKS has a certificate for its endpoint's own name.
    ...(kind.standing ? {} : { tlsServerName: `api.internal.${spec.name}` }),
  }
}

/** Undefined while the federation has no load balancer of its own. */
function federationAccess({ store }: Cluster): Access | undefined {
  const secret = store.get('secrets', 'karmada-system', 'karmada-cert')
  const server = loadBalancerOf(store)
  if (!secret || !server) return undefined
  return {
    name: federationContext,
    server,
    ca: secretText(secret, 'ca.crt'),
    cert: secretText(secret, 'karmada.crt'),
    key: secretText(secret, 'karmada.key'),
    tlsServerName: 'kubernetes.default.svc',
  }
}

function loadBalancerOf(store: Store): string | undefined {
  const service = store.get('services', 'karmada-system', 'karmada-apiserver-lb')
  const hostname = textAt(service, 'status', 'loadBalancer', 'ingress', 0, 'hostname')
  return hostname === '' ? undefined : `https://${hostname}:${textAt(service, 'spec', 'ports', 0, 'port')}`
}

function secretText(secret: KubeObject, key: string): string {
  return Buffer.from(textAt(secret, 'data', key), 'base64').toString()
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
