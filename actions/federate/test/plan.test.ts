import type { Cluster } from '@meridian/karmada'
import { describe, expect, test } from 'vitest'
import { isEmptyPlan, planFederation } from '../src/plan.ts'

const joined = (...names: string[]): Cluster[] =>
  names.map(name => ({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: { syncMode: 'Push' },
  }))
const wanted = ['usa', 'eur']
const none = { join: [], check: [], unjoin: [], unlisted: [] }

describe('a plan', () => {
  test.each([
    ['absent', { ...none, controlPlane: 'install', join: wanted }],
    ['partial', { ...none, controlPlane: 'repair', join: wanted }],
  ] as const)('joins all members when the control plane is %s', (controlPlane, expected) => {
    expect(planFederation({ controlPlane, joined: undefined, wanted, prune: false })).toEqual(expected)
  })

  test('is empty when all are members', () => {
    const plan = planFederation({ controlPlane: 'whole', joined: joined('eur', 'usa'), wanted, prune: true })
    expect(plan).toEqual({ ...none, controlPlane: 'use', check: wanted })
    expect(isEmptyPlan(plan)).toBe(true)
  })

  test('joins only who is missing', () => {
    const plan = planFederation({ controlPlane: 'whole', joined: joined('usa'), wanted, prune: false })
    expect(plan).toEqual({ ...none, controlPlane: 'use', check: ['usa'], join: ['eur'] })
    expect(isEmptyPlan(plan)).toBe(false)
  })

  test('unjoins who is not listed only when told to', () => {
    const given = { controlPlane: 'whole', joined: joined('usa', 'eur', 'jpn'), wanted } as const
    expect(planFederation({ ...given, prune: true })).toMatchObject({ unjoin: ['jpn'], unlisted: [] })
    expect(planFederation({ ...given, prune: false })).toMatchObject({ unjoin: [], unlisted: ['jpn'] })
  })

  test('never unjoins when the members could not be read', () => {
    const plan = planFederation({ controlPlane: 'whole', joined: undefined, wanted, prune: true })
    expect(plan.unjoin).toEqual([])
  })
})
