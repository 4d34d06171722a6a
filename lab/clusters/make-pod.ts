import type { KubeObject } from '@meridian/lab-kube-api'
import { randomText } from '@meridian/lab-world'
import { copyJson } from '@meridian/lab-world/json'
import type { Cluster } from './cluster.ts'
import { controlledBy } from './ownership.ts'
import type { PodSpec, PodTemplate } from './pod-template.ts'

type Pod = {
  /** A random end is put to the owner's name where there is none. */
  name?: string
  template: PodTemplate
  labels?: Record<string, string>
  annotations?: Record<string, string>
  spec?: PodSpec
}

/** Makes a pod of a controller by a template. */
export function makePod(cluster: Cluster, owner: KubeObject, pod: Pod): KubeObject {
  const { metadata, spec } = pod.template
  return cluster.store.create('Pod', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: pod.name ?? `${owner.metadata.name}-${podSuffix(cluster)}`,
      namespace: owner.metadata.namespace ?? 'default',
      labels: { ...metadata?.labels, ...pod.labels },
      annotations: { ...metadata?.annotations, ...pod.annotations },
      ownerReferences: [controlledBy(owner)],
    },
    spec: copyJson({ ...spec, ...pod.spec }),
  })
}

function podSuffix({ world }: Cluster): string {
  return randomText(world.random, 5, 'bcdfghjklmnpqrstvwxz2456789')
}

/** Whether the pod's containers have run and need nothing any more. */
export function hasEnded(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(phaseOf(pod))
}

/** `Pending`, `Running`, `Succeeded` or `Failed`. */
export function phaseOf(pod: KubeObject): string {
  return (pod.status as { phase?: string } | undefined)?.phase ?? 'Pending'
}
