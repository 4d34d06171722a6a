import { buildKubeconfig, connectKube, contextParts, type Kube, type KubeObject } from '@meridian/kube'
import type { Job } from '@meridian/runner'
import type { Cluster } from './clusters.ts'

type SecretObject = KubeObject & { data?: Record<string, string> }

/** Connects to a member as its control plane does, by the credentials that it has; undefined where it has none. */
export async function connectAsPlane(
  job: Pick<Job, 'env' | 'signal' | 'userAgent' | 'mask'>,
  federation: Kube,
  cluster: Cluster | undefined,
): Promise<Kube | undefined> {
  const { apiEndpoint, secretRef } = cluster?.spec ?? {}
  if (cluster === undefined || apiEndpoint === undefined || secretRef === undefined) return undefined
  const secret = await federation.get<SecretObject>({ apiVersion: 'v1', kind: 'Secret', ...secretRef })
  const { token, caBundle } = secret?.data ?? {}
  if (!token || !caBundle) return undefined
  const decode = (data: string) => Buffer.from(data, 'base64').toString()
  job.mask(decode(token))
  const context = cluster.metadata.name
  const kubeconfig = buildKubeconfig({
    context,
    server: apiEndpoint,
    ca: decode(caBundle),
    token: decode(token),
    proxyUrl: contextParts(federation.kubeconfig, federation.context).cluster['proxy-url'],
  })
  return connectKube(kubeconfig, { context, userAgent: job.userAgent, signal: job.signal, env: job.env })
}
