import type { Condition, KubeObject, ObjectRef } from '@meridian/kube'

/** A ResourceBinding: where one object was sent, and what came of it. */
export type Binding = KubeObject & {
  spec: {
    resource?: ObjectRef
    /** How many Karmada divides; none of a kind that it does not divide. */
    replicas?: number
    clusters?: { name: string; replicas?: number }[]
    placement?: unknown
    suspension?: unknown
    conflictResolution?: string
  }
  status?: {
    schedulerObservedGeneration?: number
    /** In whole seconds. */
    lastScheduledTime?: string
    conditions?: Condition[]
    aggregatedStatus?: MemberReport[]
  }
}

/** What a binding is measured by. */
export type Expectation = {
  /** Every cluster that must have a copy, apart from those whose share of the replicas is 0. */
  clusters: readonly string[]
  /** Of a workload whose replicas are divided; `undefined` for other kinds. */
  replicas?: number | undefined
  /** Whether its status counts pods that are ready; so it is unless told (not of a Job). */
  countsReady?: boolean | undefined
  /** Whether pods of a new version replace those of the old one; so it is unless told (not of a ReplicaSet). */
  versioned?: boolean | undefined
  /** Whether members may run more or fewer than they are given, since an autoscaler of theirs decides. */
  elastic?: boolean | undefined
  /** The fixed weights by which replicas are divided. */
  weights?: Readonly<Record<string, number>> | undefined
  /** The template's generation: reports on an earlier one do not count. */
  generation?: number | undefined
  /** The placement of the policy: a schedule made for an earlier one does not count. */
  placement?: unknown
  /**
   * Whether Karmada judges the health of this kind: then it has to be healthy. Of other kinds it must not be unhealthy;
   * `ignored` where health is not the object's own doing (an Ingress without a controller).
   */
  judged: boolean | 'ignored'
  /** Clusters from which the policy holds back changes: the binding must say so too. They are not judged. */
  held?: readonly string[] | undefined
  /** Judges no others than these; `undefined` judges all. */
  only?: readonly string[] | undefined
  /** Why clusters are not ready, by name: what was last heard of them does not count. */
  unready?: Readonly<Record<string, string>> | undefined
  /** By what clusters take no new work, by name: a taint that somebody has set. */
  barred?: Readonly<Record<string, string>> | undefined
}

/** Name of an object's binding: `web-deployment`. */
export function bindingName(kind: string, name: string): string {
  return `${name.replaceAll(':', '.')}-${kind}`.toLowerCase()
}

/** What a member reports of an object, as it stands in the binding's `aggregatedStatus`. */
export type MemberReport = {
  clusterName: string
  applied?: boolean
  appliedMessage?: string
  health?: string
  status?: ItemStatus
}

export type ItemStatus = {
  replicas?: number
  readyReplicas?: number
  updatedReplicas?: number
  generation?: number
  observedGeneration?: number
  resourceTemplateGeneration?: number
  loadBalancer?: { ingress?: { hostname?: string; ip?: string }[] }
  /** Of a Job; reports of some other kinds have some, too. */
  conditions?: Condition[]
}
