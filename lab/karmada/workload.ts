import type { TargetCluster } from './types.ts'

export type Workload = { apiVersion: string; kind: string; uid: string; replicas: number }

export type Scheduled = { kind: 'scheduled'; clusters: TargetCluster[]; affinityName?: string }

export type Unschedulable = {
  kind: 'no fit'
  reason: 'NoClusterFit' | 'Unschedulable' | 'SchedulerError'
  message: string
}
