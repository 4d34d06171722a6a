import type { Kube, KubeObject } from '@meridian/kube'
import { UserError } from '@meridian/runner'

type Node = KubeObject & { status?: { nodeInfo?: { kubeletVersion?: string } } }

/** Throws a UserError unless the API server and every node of a cluster run a version of Kubernetes (`1.36.1`). */
export async function checkUpgraded(kube: Kube, version: string): Promise<void> {
  const [{ gitVersion }, nodes] = await Promise.all([
    kube.request<{ gitVersion: string }>('GET', '/version'),
    kube.list<Node>({ apiVersion: 'v1', kind: 'Node' }),
  ])
  const others = findOthers(version, [
    { name: 'the API server', version: gitVersion },
    ...nodes.map(({ metadata, status }) => ({
      name: `node ${metadata.name}`,
      version: status?.nodeInfo?.kubeletVersion ?? 'an unknown version',
    })),
  ])
  if (others.length === 0) return
  throw new UserError(
    `kops has replaced the machines, but not all run Kubernetes ${version}: ${others.join('; ')}`,
    {
      fix: 'Run this again, which replaces the machines that are of an earlier version. If it says the same, look at what kops says above of these machines.',
    },
  )
}

/** What runs another version, each as `node i-1 runs v1.35.7`. */
export function findOthers(
  version: string,
  found: readonly { readonly name: string; readonly version: string }[],
): string[] {
  return found
    .filter(each => each.version.replace(/^v/, '') !== version)
    .map(each => `${each.name} runs ${each.version}`)
}
