import { type JudgedMember, judgeMember } from '@meridian/karmada'
import { describe, expect, test } from 'vitest'
import { marksOf, others, shop } from '../../../packages/karmada/test/use-identity.ts'
import { isEmptyPlan, planFederation } from '../src/plan.ts'

const memberOf = (name: string, { syncMode = 'Push', owner = shop } = {}): JudgedMember => {
  const cluster = {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name, ...marksOf(owner) },
    spec: { syncMode },
  }
  return { name, cluster, claim: judgeMember(cluster, { identity: shop }) }
}
const joined = (...names: string[]) => names.map(name => memberOf(name))
const clusters = [{ name: 'usa' }, { name: 'eur' }]
const given = { clusters, step: 'use', expose: false, claim: false, prune: false, joined: joined() } as const
const none = { expose: false, claim: false, join: [], mend: [], keep: [], unjoin: [], unlisted: [] }

describe('a plan', () => {
  test.each(['install', 'repair'] as const)('joins all members when its step is to %s', step => {
    const plan = planFederation({ ...given, step, joined: undefined })
    expect(plan).toEqual({ ...none, controlPlane: step, join: ['usa', 'eur'] })
  })

  test('is empty when all are members', () => {
    const plan = planFederation({ ...given, joined: joined('eur', 'usa'), prune: true })
    expect(plan).toEqual({ ...none, controlPlane: 'use', keep: ['usa', 'eur'] })
    expect(isEmptyPlan(plan)).toBe(true)
  })

  test.each([
    ['an upgrade', { step: 'upgrade' }],
    ['a change of the load balancer', { expose: true }],
    ['a mark that is missing', { claim: true }],
    ['a join that differs', { found: new Map([['eur', 'rebuilt'] as const]) }],
  ] as const)('is not empty with %s', (_, change) => {
    const plan = planFederation({ ...given, joined: joined('usa', 'eur'), ...change })
    expect(isEmptyPlan(plan)).toBe(false)
  })

  test('joins only who is missing, and mends only who differs', () => {
    const found = new Map([['usa', 'repaired']] as const)
    const plan = planFederation({ ...given, joined: joined('usa'), found })
    expect(plan).toEqual({ ...none, controlPlane: 'use', mend: ['usa'], join: ['eur'] })
  })

  test('unjoins who is not listed only when told to', () => {
    const more = { ...given, joined: joined('usa', 'eur', 'jpn') }
    expect(planFederation({ ...more, prune: true })).toMatchObject({ unjoin: ['jpn'], unlisted: [] })
    expect(planFederation({ ...more, prune: false })).toMatchObject({ unjoin: [], unlisted: ['jpn'] })
  })

  test('leaves a member with an agent of its own, which is unregistered on its own side', () => {
    const plan = planFederation({ ...given, joined: [memberOf('jpn', { syncMode: 'Pull' })], prune: true })
    expect(plan).toMatchObject({ unjoin: [], unlisted: ['jpn'] })
  })

  test.each(Object.entries(others))('never unjoins what %s has joined', (_, owner) => {
    const plan = planFederation({ ...given, joined: [memberOf('jpn', { owner })], prune: true })
    expect(plan).toMatchObject({ unjoin: [], unlisted: ['jpn'] })
  })

  test('never unjoins when the members could not be read', () => {
    expect(planFederation({ ...given, joined: undefined, prune: true }).unjoin).toEqual([])
  })
})
