import { buildPropagationPolicy } from '@meridian/karmada'
import { type KubeObject, refOf } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import { marksOf, olderMarksOf, others, shop } from '../../../../packages/karmada/test/use-identity.ts'
import { type Leftovers, limitDeletions, sortLeftovers } from '../../src/apply/prune.ts'

const identity = { ...shop, app: 'web' }
const own = marksOf(identity)
const template = (name: string, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop', ...own, ...metadata },
})
const policyOf = (object: KubeObject, marks: object = own): KubeObject => {
  const policy = buildPropagationPolicy(refOf(object), { mode: 'even', clusters: ['usa'] })
  return { ...policy, metadata: { ...policy.metadata, ...marks } }
}
const override = (object: KubeObject): KubeObject => ({ ...policyOf(object), kind: 'OverridePolicy' })
const sort = (live: KubeObject | undefined, overrides: KubeObject[] = [], policyMarks?: object) =>
  sortLeftovers([{ policy: policyOf(template('web'), policyMarks), live }], overrides, {
    named: new Set(),
    identity,
  })
const names = (objects: readonly KubeObject[]) =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)

describe('what an earlier run applied and this one does not name', () => {
  test('goes with its policies', () => {
    const found = sort(template('web'), [override(template('web'))])
    expect(names(found.templates)).toEqual(['Service web'])
    expect(names(found.policies)).toEqual(['PropagationPolicy web-service', 'OverridePolicy web-service'])
  })

  test('leaves only its policies to be deleted when an interrupted run has deleted it', () => {
    const found = sort(undefined)
    expect([names(found.templates), names(found.policies)]).toEqual([[], ['PropagationPolicy web-service']])
  })

  test.each([
    [
      'it is protected',
      { annotations: { ...own.annotations, 'meridian.dev/prune': 'false' } },
      'its annotation',
    ],
    ['somebody else has taken it over', { labels: {}, annotations: {} }, 'no longer bears our mark'],
    ['another app has taken it over', marksOf({ ...shop, app: 'cart' }), 'no longer bears our mark'],
    ['version 0.1 has made it', { ...olderMarksOf(identity), annotations: {} }, 'version 0.1 has made it'],
  ])('stays, policy and all, when %s', (_, metadata, reason) => {
    const found = sort(template('web', metadata))
    expect([found.templates, found.policies]).toEqual([[], []])
    expect(found.spared[0]?.reason).toContain(reason)
  })

  test.each([...Object.entries(others), ['another app', { ...shop, app: 'cart' }] as const])(
    'is not what bears our labels and is of %s',
    (_, other) => {
      const theirs = { ...own, ...marksOf({ app: 'web', ...other }), labels: own.labels }
      const found = sort(template('web', theirs), [override(template('web', theirs))], theirs)
      expect(found).toEqual({ templates: [], policies: [], overrides: [], spared: [] })
    },
  )

  test('includes an override that its template does not need any more', () => {
    const found = sortLeftovers([], [override(template('web')), override(template('gone'))], {
      named: new Set(['v1 Service shop/web']),
      identity,
    })
    expect(names(found.overrides)).toEqual(['OverridePolicy web-service'])
    expect(found.policies).toEqual([])
  })
})

test('more than allowed is refused, and all of it named', () => {
  const { templates } = sort(template('web'))
  const leftovers: Leftovers = {
    templates: [...templates, ...templates],
    policies: [],
    overrides: [],
    spared: [],
  }
  expect(() => limitDeletions(leftovers, 2)).not.toThrow()
  expect(() => limitDeletions(leftovers, 1)).toThrow(
    '2 objects would be deleted, but max-deletes is 1: Service shop/web, Service shop/web',
  )
})
