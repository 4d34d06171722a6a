import { podRequests, roomFor } from '@meridian/lab-clusters/objects'
import type { KubeObject } from '@meridian/lab-kube-api'
import { listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { freeOf } from './read-member.ts'
import type { Candidate, Taint } from './types.ts'

/** A Cluster as scheduling and overriding see it; `podSpec` is the template's, for its requests. */
export function candidateOf(cluster: KubeObject, podSpec: unknown): Candidate {
  return {
    name: cluster.metadata.name,
    labels: cluster.metadata.labels ?? {},
    region: textAt(cluster, 'spec', 'region'),
    provider: textAt(cluster, 'spec', 'provider'),
    zones: listAt(cluster, 'spec', 'zones').map(String),
    taints: listAt(cluster, 'spec', 'taints') as Taint[],
    terminating: cluster.metadata.deletionTimestamp !== undefined,
    enables: (apiVersion, kind) => enables(cluster, apiVersion, kind),
    free: () => roomFor(freeOf(valueAt(cluster, 'status', 'resourceSummary')), podRequests(podSpec)),
  }
}

function enables(cluster: KubeObject, apiVersion: string, kind: string): boolean {
  return listAt(cluster, 'status', 'apiEnablements').some(
    group =>
      textAt(group, 'groupVersion') === apiVersion &&
      listAt(group, 'resources').some(resource => textAt(resource, 'kind') === kind),
  )
}
