import type { Condition, Kube, KubeObject, ObjectType } from '@meridian/kube'
import { clusterType } from '../names.ts'

export type Taint = { key: string; value?: string; effect: string }

/** A member as the control plane sees it. */
export type Cluster = KubeObject & {
  spec: {
    id?: string
    syncMode: string
    apiEndpoint?: string
    secretRef?: { namespace: string; name: string }
    impersonatorSecretRef?: { namespace: string; name: string }
    /** Left out of what the server answers where it is false. */
    insecureSkipTLSVerification?: boolean
    provider?: string
    region?: string
    zones?: string[]
    taints?: Taint[]
  }
  status?: {
    kubernetesVersion?: string
    conditions?: Condition[]
    nodeSummary?: { totalNum?: number; readyNum?: number }
    apiEnablements?: { groupVersion: string; resources?: { kind: string }[] }[]
  }
}

/** Lists the members of a federation, whoever joined them. */
export async function listClusters(federation: Pick<Kube, 'list'>): Promise<Cluster[]> {
  return federation.list<Cluster>(clusterType)
}

/** Whether a member has reported that it serves a kind. Karmada asks it about every ten seconds. */
export function servesKind({ status }: Cluster, { apiVersion, kind }: ObjectType): boolean {
  const served = status?.apiEnablements?.find(({ groupVersion }) => groupVersion === apiVersion)
  return served?.resources?.some(resource => resource.kind === kind) ?? false
}
