import type { Kube, KubeObject } from '@meridian/kube'
import { type Log, UserError } from '@meridian/runner'

export type Node = KubeObject & { status?: { nodeInfo?: { kubeletVersion?: string } } }

/** A node, and what it runs (`v1.35.7`). */
export const versionOfNode = ({ metadata, status }: Node): { name: string; version: string } => ({
  name: `node ${metadata.name}`,
  version: status?.nodeInfo?.kubeletVersion ?? 'an unknown version',
})

/** Throws a UserError unless the API server and every node of a cluster run a version of Kubernetes (`1.36.1`). */
export async function checkUpgraded(kube: Kube, version: string): Promise<void> {
  const others = await lookForOthers(kube, version)
  if (others.length === 0) return
  throw new UserError(
    `kops has replaced the machines, but not all run Kubernetes ${version}: ${others.join('; ')}`,
    {
      fix: 'Run this again, which replaces the machines that are of an earlier version. If it says the same, look at what kops says above of these machines.',
    },
  )
}

/** Warns of what does not run the version that is saved of a cluster: kops brings it to machines only by replacing them. */
export async function tellOthers(kube: Kube, version: string, name: string, log: Log): Promise<void> {
  const others = await lookForOthers(kube, version)
  if (others.length > 0)
    log.warning(
      `${name} is saved with Kubernetes ${version}, but not all of it runs that: ${others.join('; ')}. A run with upgrade: true replaces such machines of a cluster of ours.`,
    )
}

async function lookForOthers(kube: Kube, version: string): Promise<string[]> {
  const [{ gitVersion }, nodes] = await Promise.all([
    kube.request<{ gitVersion: string }>('GET', '/version'),
    kube.list<Node>({ apiVersion: 'v1', kind: 'Node' }),
  ])
  return findOthers(version, [{ name: 'the API server', version: gitVersion }, ...nodes.map(versionOfNode)])
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
