import {
  createAuthority,
  issueClientCertificate,
  issueServerCertificate,
  type KeyPair,
} from '@meridian/lab-kube-api/certificates'
import type { InitOptions } from './init-options.ts'

/** File names without extension: each has a `.crt` and a `.key`. */
export type Certificates = Record<CertificateName, KeyPair>
export type CertificateName =
  | 'ca'
  | 'karmada'
  | 'apiserver'
  | 'etcd-ca'
  | 'etcd-server'
  | 'etcd-client'
  | 'front-proxy-ca'
  | 'front-proxy-client'

/** The names under which the Karmada API server may be called. */
function serverNames(options: InitOptions, addresses: readonly string[]): string[] {
  const { namespace, hostDomain, externalDns, externalIps } = options
  return [
    'localhost',
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'karmada-apiserver',
    'karmada-webhook',
    'karmada-aggregated-apiserver',
    `karmada-apiserver.${namespace}.svc.${hostDomain}`,
    `karmada-webhook.${namespace}.svc`,
    `*.${namespace}.svc.${hostDomain}`,
    `*.${namespace}.svc`,
    ...externalDns,
    ...new Set(['127.0.0.1', ...addresses, ...externalIps]),
  ]
}

/** Three authorities and what they vouch for. `karmada` is the administrator's client certificate. */
export async function createCertificates(
  options: InitOptions,
  addresses: readonly string[],
): Promise<Certificates> {
  const { namespace, hostDomain, validityHours: hours } = options
  const [ca, etcd, proxy] = await Promise.all(['karmada', 'etcd-ca', 'front-proxy-ca'].map(createAuthority))
  if (!ca || !etcd || !proxy) throw new Error('three authorities were asked for')
  const etcdNames = [
    'localhost',
    `*.etcd.${namespace}.svc.${hostDomain}`,
    `etcd.${namespace}.svc`,
    '127.0.0.1',
  ]
  return {
    ca,
    karmada: await issueClientCertificate(ca, { user: 'system:admin', groups: ['system:masters'], hours }),
    apiserver: await issueServerCertificate(ca, serverNames(options, addresses)),
    'etcd-ca': etcd,
    'etcd-server': await issueServerCertificate(etcd, etcdNames),
    'etcd-client': await issueClientCertificate(etcd, { user: 'karmada-etcd-client', hours }),
    'front-proxy-ca': proxy,
    'front-proxy-client': await issueClientCertificate(proxy, { user: 'front-proxy-client', hours }),
  }
}
