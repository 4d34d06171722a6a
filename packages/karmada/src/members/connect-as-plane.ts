import type { Kube, KubeObject } from '@meridian/kube'
import type { Cluster } from './clusters.ts'
import { connectAccount, type ProofJob } from './member-credentials.ts'

type SecretObject = KubeObject & { data?: Record<string, string> }

/** Connects to a member as its control plane does, by the credentials that it has; undefined where it has none. */
export async function connectAsPlane(
  job: ProofJob,
  federation: Kube,
  cluster: Cluster | undefined,
): Promise<Kube | undefined> {
  const { apiEndpoint, secretRef } = cluster?.spec ?? {}
  if (cluster === undefined || apiEndpoint === undefined || secretRef === undefined) return undefined
  const secret = await federation.get<SecretObject>({ apiVersion: 'v1', kind: 'Secret', ...secretRef })
  const { token, caBundle: ca } = secret?.data ?? {}
  if (!token || !ca) return undefined
  const to = { context: cluster.metadata.name, server: apiEndpoint }
  return connectAccount(job, federation, to, { ca, token })
}
