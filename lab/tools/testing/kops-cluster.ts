import { X509Certificate } from 'node:crypto'
import type { Resource } from '@meridian/lab-world'
import type { ToolWorld } from './tool-world.ts'

export const name = 'usa.k8s.example.com'
export const state = '--state=s3://state'
/** The command line that creates the cluster, but for `--yes`. */
export const create = `create cluster --name=${name} --zones=us-east-1a --node-count=1 --node-size=t3.medium --control-plane-size=t3.medium --kubernetes-version=1.35.7 --cloud-labels=team=web ${state}`

/** The keys in the state bucket. */
export async function keysOf(lab: ToolWorld): Promise<string[]> {
  const { text } = await lab.s3('GET', '/state?list-type=2')
  return [...text.matchAll(/<Key>([^<]*)</g)].map(([, key = '']) => key)
}

/** What carries the tag of the cluster. */
export function resourcesOf(lab: ToolWorld): Resource[] {
  return lab.world.inventory.list(({ tags }) => tags.KubernetesCluster === name)
}

/** The authority that the running cluster trusts. */
export function authorityOf({ clusters }: ToolWorld): X509Certificate {
  return new X509Certificate(clusters.get(name)?.spec.authority.certificate ?? '')
}
