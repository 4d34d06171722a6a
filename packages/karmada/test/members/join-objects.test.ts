import { describe, expect, test } from 'vitest'
import { isAsStated } from '../../src/members/join-member.ts'
import { clusterObject, credentialObjects, memberObjects } from '../../src/members/join-objects.ts'
import { marksOf, shop } from '../use-identity.ts'

const member = {
  name: 'usa',
  id: 'uid',
  apiEndpoint: 'https://usa.example.com',
  caBundle: 'Q0E=',
  token: 'VA==',
  impersonatorToken: 'SQ==',
  provider: 'aws',
  region: 'us-east-1',
  zones: ['us-east-1a'],
}

describe('a join', () => {
  test('puts two accounts with lasting tokens and one role into the member', () => {
    const made = memberObjects('usa').map(
      ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
    )
    expect(made).toEqual([
      'Namespace /karmada-cluster',
      'ServiceAccount karmada-cluster/karmada-usa',
      'ServiceAccount karmada-cluster/karmada-impersonator',
      'Secret karmada-cluster/karmada-usa',
      'Secret karmada-cluster/karmada-impersonator',
      'ClusterRole /karmada-controller-manager:karmada-usa',
      'ClusterRoleBinding /karmada-controller-manager:karmada-usa',
    ])
    expect(memberObjects('usa')[3]).toMatchObject({
      type: 'kubernetes.io/service-account-token',
      metadata: { annotations: { 'kubernetes.io/service-account.name': 'karmada-usa' } },
    })
  })

  test('puts the credentials into the control plane', () => {
    expect(credentialObjects(member)).toMatchObject([
      { metadata: { namespace: 'karmada-cluster', name: 'usa' }, data: { caBundle: 'Q0E=', token: 'VA==' } },
      { metadata: { name: 'usa-impersonator' }, data: { token: 'SQ==' } },
    ])
  })

  test('registers the member with its endpoint, its region and both credentials', () => {
    expect(clusterObject(member, shop)).toEqual({
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'usa', ...marksOf(shop) },
      spec: {
        id: 'uid',
        syncMode: 'Push',
        apiEndpoint: 'https://usa.example.com',
        provider: 'aws',
        region: 'us-east-1',
        zones: ['us-east-1a'],
        secretRef: { namespace: 'karmada-cluster', name: 'usa' },
        impersonatorSecretRef: { namespace: 'karmada-cluster', name: 'usa-impersonator' },
      },
    })
  })

  test('is as it should be where the server leaves out what is false, and not where it is true', () => {
    const desired = clusterObject(member, shop)
    const actual = { ...desired, spec: { ...desired.spec, taints: [] } }
    expect(isAsStated(actual, desired)).toBe(true)
    actual.spec.insecureSkipTLSVerification = true
    expect(isAsStated(actual, desired)).toBe(false)
  })
})
