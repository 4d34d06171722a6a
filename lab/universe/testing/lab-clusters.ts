import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createAuthority } from '@meridian/lab-kube-api/certificates'
import { startUniverse, type Universe, type UniverseOptions } from '../universe.ts'

export const regions = { usa: 'us-east-1', eur: 'eu-west-1', jpn: 'ap-northeast-1' } as const
export type Name = keyof typeof regions

export type LabClusters = {
  universe: Universe
  /** With KUBECONFIG, whose contexts are the clusters. */
  env: Record<string, string>
  close(): Promise<void>
}

/** A universe in which the named clusters answer and their nodes are ready. No tool has made them. */
export async function startClusters(
  names: readonly Name[],
  options: UniverseOptions = {},
): Promise<LabClusters> {
  const universe = await startUniverse({ scale: 2_000, ...options })
  await Promise.all(names.map(name => startCluster(universe, name)))
  const path = join(universe.directory, 'clusters.kubeconfig')
  const env = { ...universe.env, KUBECONFIG: path }
  await writeFile(path, await universe.kubeconfig(), { mode: 0o600 })
  return { universe, env, close: () => universe.close() }
}

async function startCluster({ clusters, domain }: Universe, name: Name): Promise<void> {
  const region = regions[name]
  const fullName = `${name}.${domain}`
  const machine = (role: string) => ({ name: `i-${name}${role}`, zone: `${region}a`, size: 't3.medium' })
  await clusters.start({
    name: fullName,
    region,
    controlPlanes: [machine('1')],
    nodes: [machine('2')],
    kubernetesVersion: '1.35.7',
    apiHost: `api-${name}.elb.${region}.amazonaws.com`,
    authority: await createAuthority('kubernetes-ca'),
  })
  await until(() => clusters.view(fullName)?.nodes.filter(node => node.status === 'True').length === 2)
}

/** Looks every few milliseconds; the world's clock decides how long it takes. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 10))
}

/** The input `clusters` for some of them. */
export function clusterInput(names: readonly Name[]): string {
  return JSON.stringify(names.map(name => ({ name, region: regions[name], zones: [`${regions[name]}a`] })))
}

/** Writes of a client, as `service operation`. */
export function writesOf({ world }: Universe, client: string): string[] {
  return world.requests
    .all()
    .filter(request => request.client === client && request.write)
    .map(({ service, operation }) => `${service} ${operation}`)
}
