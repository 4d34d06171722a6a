import { findCondition, type KubeObject, type Store } from '@meridian/lab-kube-api'
import type { World } from '@meridian/lab-world'
import { isFields, textAt, valueAt } from '@meridian/lab-world/json'
import { connectMember, type MemberClient } from './member-client.ts'

const timeoutSeconds = 10
// However fast the world's clock runs, a busy machine needs some time to answer.
const leastMilliseconds = 1000

/** Clients for the members, made anew when a Cluster's endpoint or its Secret changes. */
export type Members = {
  /** Throws Error when the Cluster lacks an endpoint or a usable Secret. */
  client(cluster: KubeObject): MemberClient
  forget(name: string): void
  close(): void
}

/** Connections to members, one for each; when a Cluster's access changes, its next use makes a new one. */
export function createMembers(world: World, store: Store): Members {
  const timeout = Math.max(leastMilliseconds, (timeoutSeconds * 1000) / world.clock.scale)
  const clients = new Map<string, { fingerprint: string; client: MemberClient }>()

  function forget(name: string): void {
    clients.get(name)?.client.close()
    clients.delete(name)
  }

  return {
    client(cluster) {
      const access = accessOf(cluster, store)
      const fingerprint = JSON.stringify(access)
      const present = clients.get(cluster.metadata.name)
      if (present?.fingerprint === fingerprint) return present.client
      forget(cluster.metadata.name)
      const client = connectMember({ network: world.network, timeout, ...access })
      clients.set(cluster.metadata.name, { fingerprint, client })
      return client
    },
    forget,
    close() {
      for (const name of [...clients.keys()]) forget(name)
    },
  }
}

/** Whether the control plane regards a member as usable. */
export function isClusterReady(cluster: KubeObject | undefined): boolean {
  return cluster !== undefined && findCondition(cluster, 'Ready')?.status === 'True'
}

function accessOf(cluster: KubeObject, store: Store) {
  const { name } = cluster.metadata
  const endpoint = textAt(cluster, 'spec', 'apiEndpoint')
  if (!endpoint) throw new Error(`the api endpoint of cluster ${name} is empty`)
  const reference = valueAt(cluster, 'spec', 'secretRef')
  if (!isFields(reference)) throw new Error(`cluster ${name} does not have a secret`)
  const [namespace, secretName] = [textAt(reference, 'namespace'), textAt(reference, 'name')]
  const secret = store.get('Secret', namespace, secretName)
  if (!secret) throw new Error(`secrets "${secretName}" not found`)
  const token = decode(secret, 'token')
  if (!token) throw new Error(`the secret for cluster ${name} is missing a non-empty value for "token"`)
  const insecure = valueAt(cluster, 'spec', 'insecureSkipTLSVerification') === true
  return { endpoint, token, authority: insecure ? undefined : decode(secret, 'caBundle') }
}

function decode(secret: KubeObject, key: string): string {
  return Buffer.from(textAt(secret, 'data', key), 'base64').toString()
}
