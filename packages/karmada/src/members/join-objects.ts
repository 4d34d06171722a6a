import type { Identity } from '@meridian/identity'
import type { KubeObject, ObjectRef } from '@meridian/kube'
import {
  clusterIdAnnotation,
  clusterNamespace,
  clusterType,
  impersonator,
  replacedAnnotation,
} from '../names.ts'
import type { Cluster } from './clusters.ts'
import { memberMark } from './judge-members.ts'
import type { Credentials } from './member.ts'

/** What all objects of a join bear. */
export const systemLabels = { 'karmada.io/system': 'true' }
const labels = systemLabels
const rbac = 'rbac.authorization.k8s.io'

/** The account in the member that the control plane acts as. */
export function accountName(cluster: string): string {
  return `karmada-${cluster}`
}

/** The ClusterRole, and its binding, of the account by which the control plane acts in a member. */
export function roleName(cluster: string): string {
  return `karmada-controller-manager:${accountName(cluster)}`
}

/**
 * What a member must hold: two accounts with lasting tokens and the rights to propagate anything. The objects
 * are those of `karmadactl join` (karmada v1.18, pkg/util/credential.go), whose names the control plane expects.
 */
export function memberObjects(cluster: string): KubeObject[] {
  const accounts = [accountName(cluster), impersonator]
  return [
    joinNamespace,
    ...accounts.map(name => inNamespace('ServiceAccount', name)),
    ...accounts.map(name => tokenSecret(name)),
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: roleName(cluster), labels },
      rules: [
        { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
        { nonResourceURLs: ['*'], verbs: ['get'] },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: roleName(cluster), labels },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: roleName(cluster) },
      subjects: [{ kind: 'ServiceAccount', name: accountName(cluster), namespace: clusterNamespace }],
    },
  ]
}

/** What the control plane needs to know of a member. */
export type Registration = Credentials & {
  name: string
  id: string
  apiEndpoint: string
  provider: string
  region: string
  zones: readonly string[]
}

/** Where a join's objects are, on both sides. */
export const joinNamespace: KubeObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: clusterNamespace, labels },
}

/** The Secrets of a member's credentials on the side of the control plane. */
export function credentialObjects(member: Registration): KubeObject[] {
  const secret = (name: string, data: Record<string, string>): KubeObject => ({
    ...inNamespace('Secret', name),
    type: 'Opaque',
    data,
  })
  return [
    secret(member.name, { caBundle: member.caBundle, token: member.token }),
    secret(`${member.name}-impersonator`, { token: member.impersonatorToken }),
  ]
}

/** The same by their names, which do not need the credentials. */
export function credentialRefs(name: string): ObjectRef[] {
  const secret = { apiVersion: 'v1', kind: 'Secret', namespace: clusterNamespace }
  return [
    { ...secret, name },
    { ...secret, name: `${name}-impersonator` },
  ]
}

/** Credentials as they are written: with the cluster whose they are, and the time at which they took the place of others. */
export function markCredentials(
  object: KubeObject,
  { id, replacedAt }: { id: string; replacedAt?: Date | undefined },
): KubeObject {
  const annotations = {
    [clusterIdAnnotation]: id,
    ...(replacedAt && { [replacedAnnotation]: replacedAt.toISOString() }),
  }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

/** The Cluster as it is to be; `identity` is who joins it. */
export function clusterObject(member: Registration, identity: Identity): Cluster {
  const secretRef = (name: string) => ({ namespace: clusterNamespace, name })
  return {
    ...clusterType,
    metadata: { name: member.name, ...memberMark(identity) },
    spec: {
      id: member.id,
      syncMode: 'Push',
      apiEndpoint: member.apiEndpoint,
      provider: member.provider,
      region: member.region,
      ...(member.zones.length > 0 && { zones: [...member.zones] }),
      secretRef: secretRef(member.name),
      impersonatorSecretRef: secretRef(`${member.name}-impersonator`),
    },
  }
}

function inNamespace(kind: string, name: string): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { namespace: clusterNamespace, name, labels } }
}

function tokenSecret(account: string): KubeObject {
  const object = inNamespace('Secret', account)
  const annotations = { 'kubernetes.io/service-account.name': account }
  return {
    ...object,
    metadata: { ...object.metadata, annotations },
    type: 'kubernetes.io/service-account-token',
  }
}
