import type { KeyPair } from '@meridian/lab-kube-api/certificates'
import { stringify } from 'yaml'
import type { CertificateName, Certificates } from './certificates.ts'
import type { InitOptions } from './init-options.ts'
import type { KubeObject } from './kube-client.ts'

const configSecrets = [
  'karmada-aggregated-apiserver-config',
  'karmada-controller-manager-config',
  'kube-controller-manager-config',
  'karmada-descheduler-config',
  'karmada-metrics-adapter-config',
  'karmada-scheduler-config',
  'karmada-search-config',
  'karmada-webhook-config',
]

/** The Secrets of the control plane in the host cluster. */
export function hostSecrets(
  { namespace, hostDomain }: InitOptions,
  certificates: Certificates,
): KubeObject[] {
  const inside = kubeconfigOf({
    name: 'karmada-admin',
    user: 'karmada-admin',
    server: `https://karmada-apiserver.${namespace}.svc.${hostDomain}:5443`,
    certificates,
  })
  const files = (names: readonly CertificateName[]) =>
    Object.assign({}, ...names.map(name => pairFiles(name, certificates[name])))
  const make = (name: string, content: Record<string, string>): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { 'karmada.io/bootstrapping': 'secret-defaults' } },
    type: 'Opaque',
    data: Object.fromEntries(Object.entries(content).map(([key, text]) => [key, encode(text)])),
  })
  const { certificate, key } = certificates.apiserver
  return [
    ...configSecrets.map(name => make(name, { 'karmada.config': inside })),
    make('etcd-cert', files(['etcd-ca', 'etcd-server'])),
    make('karmada-cert', files(Object.keys(certificates) as CertificateName[])),
    make('karmada-webhook-cert', { 'tls.crt': certificate, 'tls.key': key }),
  ]
}

/** The files of a key pair as they stand in a directory or a Secret. */
export function pairFiles(name: string, { certificate, key }: KeyPair): Record<string, string> {
  return { [`${name}.crt`]: certificate, [`${name}.key`]: key }
}

type KubeconfigParts = { name: string; user: string; server: string; certificates: Certificates }

/** An administrator's kubeconfig for the Karmada API. */
export function kubeconfigOf({ name, user, server, certificates }: KubeconfigParts): string {
  const { ca, karmada } = certificates
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { 'certificate-authority-data': encode(ca.certificate), server } }],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
    users: [
      {
        name: user,
        user: {
          'client-certificate-data': encode(karmada.certificate),
          'client-key-data': encode(karmada.key),
        },
      },
    ],
  })
}

const encode = (text: string) => Buffer.from(text).toString('base64')
