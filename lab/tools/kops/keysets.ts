import { X509Certificate } from 'node:crypto'
import type { KeyPair } from '@meridian/lab-kube-api/certificates'
import { parse } from 'yaml'
import { ToolError } from '../terminal.ts'
import { toYaml } from './registry.ts'
import type { StateStore } from './store.ts'

type Keyset = { spec: { keys: StoredKey[]; primaryID: string } }
type StoredKey = { id: string; privateMaterial: string; publicMaterial: string }

const authorities = [
  'apiserver-aggregator-ca',
  'etcd-clients-ca',
  'etcd-manager-ca-events',
  'etcd-manager-ca-main',
  'etcd-peers-ca-events',
  'etcd-peers-ca-main',
  'kubernetes-ca',
  'service-account',
]

/** Makes the key pairs that the cluster lacks; existing ones are never replaced, or every node would lose trust. */
export async function ensureKeysets(store: StateStore, cluster: string): Promise<void> {
  const present = new Set(await store.list(`${cluster}/pki/private/`))
  const lacking = authorities.filter(name => !present.has(keysetPath(cluster, name)))
  if (lacking.length === 0) return
  // Loaded late: most calls of the tool need no certificates, and the library takes longer than the rest.
  const { createAuthority } = await import('@meridian/lab-kube-api/certificates')
  await Promise.all(
    lacking.map(async name => {
      const pair = await createAuthority(name)
      await store.write(keysetPath(cluster, name), toYaml(keysetOf(name, pair)))
    }),
  )
}

/** The primary key pair of the cluster's own authority, as PEM. Throws `ToolError` if it is not in the store. */
export async function readAuthority(store: StateStore, cluster: string): Promise<KeyPair> {
  const text = await store.read(keysetPath(cluster, 'kubernetes-ca'))
  const keyset: Keyset | undefined = text === undefined ? undefined : parse(text)
  const key = keyset?.spec.keys.find(({ id }) => id === keyset.spec.primaryID)
  if (!key)
    throw new ToolError('error fetching CA keypair: CA private key was not found; cannot issue a certificate')
  const decode = (base64: string) => Buffer.from(base64, 'base64').toString('utf8')
  return { certificate: decode(key.publicMaterial), key: decode(key.privateMaterial) }
}

function keysetPath(cluster: string, name: string): string {
  return `${cluster}/pki/private/${name}/keyset.yaml`
}

function keysetOf(name: string, { certificate, key }: KeyPair): object {
  const id = BigInt(`0x${new X509Certificate(certificate).serialNumber}`).toString()
  const encode = (text: string) => Buffer.from(text).toString('base64')
  return {
    apiVersion: 'kops.k8s.io/v1alpha2',
    kind: 'Keyset',
    metadata: { creationTimestamp: null, name },
    spec: {
      keys: [{ id, privateMaterial: encode(key), publicMaterial: encode(certificate) }],
      primaryID: id,
      type: 'Keypair',
    },
  }
}
