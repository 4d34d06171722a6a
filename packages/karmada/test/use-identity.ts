import { type Identity, makeMark, type Owned, objectAnnotations, objectLabels } from '@meridian/identity'
import type { KubeObject } from '@meridian/kube'
import { type JoinedMember, judgeMember } from '../src/index.ts'

/** Whom tests act for, and others beside them. */
export const shop: Identity = {
  domain: 'k8s.example.com',
  environment: 'pr-1',
  repository: { id: '1001', name: 'acme/shop' },
}
export const others: Record<string, Identity> = {
  'another environment': { ...shop, environment: 'pr-2' },
  'another domain': { ...shop, domain: 'a.k8s.example.com' },
  'another repository': { ...shop, repository: { id: '2002', name: 'globex/shop' } },
}

/** Labels and mark of what an identity makes. */
export function marksOf(
  identity: Identity,
): Required<Pick<KubeObject['metadata'], 'labels' | 'annotations'>> {
  return { labels: objectLabels(identity), annotations: objectAnnotations(makeMark(identity)) }
}

/** Labels of what version 0.1 made, which had no mark. */
export function olderMarksOf(identity: Identity): Pick<KubeObject['metadata'], 'labels'> {
  return { labels: objectLabels(identity) }
}

export function ownMember(name: string, identity = shop): Owned<JoinedMember> {
  const cluster = {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name, ...marksOf(identity) },
    spec: { syncMode: 'Push' },
  }
  const claim = judgeMember(cluster, { identity })
  if (claim.kind !== 'ours') throw new Error(`${name} is not ours`)
  return claim.owned
}
