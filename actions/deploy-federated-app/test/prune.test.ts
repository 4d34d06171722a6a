import { buildPropagationPolicy } from '@meridian/karmada'
import { type KubeObject, refOf } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import { type Leftovers, limitDeletions, sortLeftovers } from '../src/prune.ts'

const labels = { 'app.kubernetes.io/managed-by': 'meridian', 'meridian.dev/app': 'shop' }
const template = (name: string, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop', labels, ...metadata },
})
const policyOf = (object: KubeObject) =>
  buildPropagationPolicy(refOf(object), { mode: 'even', clusters: ['usa'] })
const override = (object: KubeObject): KubeObject => ({ ...policyOf(object), kind: 'OverridePolicy' })
const sort = (live: KubeObject | undefined, overrides: KubeObject[] = [], named: string[] = []) =>
  sortLeftovers([{ policy: policyOf(template('web')), live }], overrides, { named: new Set(named), labels })
const names = (refs: readonly { kind: string; name: string }[]) =>
  refs.map(({ kind, name }) => `${kind} ${name}`)

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
    ['it is protected', { annotations: { 'meridian.dev/prune': 'false' } }, 'its annotation'],
    ['somebody else has taken it over', { labels: {} }, 'no longer bears our labels'],
  ])('stays, policy and all, when %s', (_, metadata, reason) => {
    const found = sort(template('web', metadata))
    expect([found.templates, found.policies]).toEqual([[], []])
    expect(found.spared[0]?.reason).toContain(reason)
  })

  test('includes an override that its template does not need any more', () => {
    const found = sortLeftovers([], [override(template('web')), override(template('gone'))], {
      named: new Set(['v1 Service shop/web']),
      labels,
    })
    expect(names(found.overrides)).toEqual(['OverridePolicy web-service'])
    expect(found.policies).toEqual([])
  })
})

test('more than allowed is refused, and all of it named', () => {
  const templates = ['a', 'b'].map(name => refOf(template(name)))
  const leftovers: Leftovers = { templates, policies: [], overrides: [], spared: [] }
  expect(() => limitDeletions(leftovers, 2)).not.toThrow()
  expect(() => limitDeletions(leftovers, 1)).toThrow(
    '2 objects would be deleted, but max-deletes is 1: Service shop/a, Service shop/b',
  )
})
