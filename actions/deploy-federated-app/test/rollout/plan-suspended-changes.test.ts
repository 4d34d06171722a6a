import { everywhere, holdBack, type Placement } from '@meridian/karmada'
import type { KubeObject } from '@meridian/kube'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shop } from '../../../../packages/karmada/test/use-identity.ts'
import { buildDesired } from '../../src/plan/build-desired.ts'
import { planStep, type Step } from '../../src/plan/plan.ts'
import {
  firstWritten,
  isTemplateFirst,
  listSuspendedChanges,
} from '../../src/rollout/plan-suspended-changes.ts'
import { formerStaged } from '../../src/rollout/plan-waves.ts'
import { applied, openStore } from '../applied-object.ts'
import { divideLikeKarmada, type Fate, type Placed, type Split } from '../karmada-division.ts'

type App = { replicas?: number; placement: Placement; image?: string }

const evenly = (...clusters: string[]): Placement => ({ mode: 'even', clusters })
const web = ({ replicas, image = 'web:1' }: App): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    ...(replicas !== undefined && { replicas }),
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
  },
})
const desired = (app: App) => buildDesired([web(app)], app.placement, { identity: shop, run: '', commit: '' })

/** The steps from one app to another, where Karmada has taken up the one before; `held` is left by an interrupted run. */
function plan(before: App, after: App, held: readonly string[] = [], claimedBy = 'web-deployment'): Step[] {
  const store = openStore()
  const live = new Map(
    desired(before).map(({ object, role }) => [
      role,
      applied(role === 'policy' ? holdBack(object, held) : object, store),
    ]),
  )
  const template = live.get('template')
  if (template)
    template.metadata.annotations = {
      ...template.metadata.annotations,
      'propagationpolicy.karmada.io/name': claimedBy,
    }
  return desired(after).map(each => planStep(each, live.get(each.role)))
}

const here = { replicas: 2, placement: evenly('usa', 'eur') }
const there = evenly('usa', 'eur', 'jpn')

describe('what Karmada would take in several steps is one change', () => {
  test.each<[string, App, boolean]>([
    ['nothing', here, false],
    ['where it goes', { ...here, placement: there }, false],
    ['how many there are', { ...here, replicas: 6 }, false],
    ['what it runs', { ...here, image: 'web:2' }, false],
    ['how many, and where', { ...here, replicas: 6, placement: there }, true],
    ['how many, which are no longer stated, and where', { placement: there }, true],
    ['where, and what it runs', { ...here, placement: there, image: 'web:2' }, true],
    ['how many, and what it runs', { ...here, replicas: 6, image: 'web:2' }, true],
    ['all of them', { replicas: 6, placement: there, image: 'web:2' }, true],
  ])('where there changes %s', (_, after, is) => {
    expect(listSuspendedChanges(plan(here, after)).map(({ name }) => name)).toEqual(
      is ? ['Deployment shop/web'] : [],
    )
  })

  test.each<[string, App, string[], boolean]>([
    ['in the midst of one', here, [everywhere], true],
    ['in waves, and moves now', { ...here, placement: there }, ['eur'], true],
    ['in waves', here, ['eur'], false],
  ])('where an interrupted run has held it back %s', (_, after, held, is) => {
    expect(listSuspendedChanges(plan(here, after, held)).length > 0).toBe(is)
  })

  test('is none of what is new, nor of what goes by the policy of another', () => {
    const after = { replicas: 6, placement: there }
    expect(listSuspendedChanges(desired(after).map(each => planStep(each, undefined)))).toEqual([])
    expect(listSuspendedChanges(plan(here, after, [], 'theirs'))).toEqual([])
  })

  test('has a way back, which is one too, in the other order', () => {
    const [forward] = listSuspendedChanges(plan(here, { replicas: 6, placement: there, image: 'web:2' }))
    const back = forward && formerStaged(forward)
    expect(forward && isTemplateFirst(forward)).toBe(true)
    expect(back && isTemplateFirst(back)).toBe(false)
    expect(back?.template.object.spec).toEqual(web(here).spec)
    expect(back?.policy.object.spec).toEqual(desired(here).find(({ role }) => role === 'policy')?.object.spec)
  })
})

type Change = {
  replicas: readonly [before: number, after: number]
  placed: readonly [before: Placed, after: Placed]
}

/** All splits on the way from a settled one to the other, as each scheduling of Karmada leaves them. */
function splitsOf(change: Change, first: 'template' | 'policy', isSeen: boolean, fate: Fate): Split[] {
  const [from, to] = change.replicas
  const [here, there] = change.placed
  const start = divideLikeKarmada(from, here, {}, fate)
  if (start === undefined) return []
  const between = first === 'template' ? ([to, here] as const) : ([from, there] as const)
  // The scheduler may be quick enough to see what is written first by itself, or not.
  const middle = isSeen ? (divideLikeKarmada(...between, start, fate) ?? start) : start
  return [start, middle, divideLikeKarmada(to, there, middle, fate) ?? middle]
}

/** Clusters that have some before and after, and fewer than either in between. */
function robbed(splits: readonly Split[]): string[] {
  const [start = {}, middle = {}, end = {}] = splits
  return Object.keys(start).filter(name => {
    const least = Math.min(start[name] ?? 0, end[name] ?? 0)
    return least > 0 && (middle[name] ?? 0) < least
  })
}

const weights = (given: Split): Placed => ({ mode: 'weights', weights: given })
const whole = (...clusters: string[]): Placed => ({ mode: 'duplicate', clusters })

describe('no region that keeps a share gets fewer replicas in between', () => {
  test.each<[string, Change]>([
    [
      'a region comes',
      { replicas: [2, 6], placed: [weights({ usa: 1, eur: 1 }), weights({ usa: 1, eur: 1, jpn: 1 })] },
    ],
    [
      'a region goes',
      { replicas: [6, 2], placed: [weights({ usa: 1, eur: 1, jpn: 1 }), weights({ usa: 1, eur: 1 })] },
    ],
    [
      'weights turn round',
      { replicas: [3, 9], placed: [weights({ usa: 2, eur: 1 }), weights({ usa: 1, eur: 8 })] },
    ],
    ['copies are divided', { replicas: [1, 6], placed: [whole('usa', 'eur'), weights({ usa: 1, eur: 1 })] }],
    [
      'what is divided is copied',
      { replicas: [6, 1], placed: [weights({ usa: 5, eur: 1 }), whole('usa', 'eur')] },
    ],
  ])('where %s; in the other order one would', (_, change) => {
    const first = firstWritten(...change.replicas)
    const other = first === 'template' ? 'policy' : 'template'
    const fates = [true, false].map(isDescending => ({ isDescending, room: {} }))
    expect(fates.flatMap(fate => robbed(splitsOf(change, first, true, fate)))).toEqual([])
    expect(fates.flatMap(fate => robbed(splitsOf(change, other, true, fate)))).not.toEqual([])
  })

  const names = ['usa', 'eur', 'jpn', 'aus', 'bra']
  const counts = (max: number) => fc.record(Object.fromEntries(names.map(name => [name, fc.nat({ max })])))
  const clusters = fc.subarray(names, { minLength: 1 })
  const placed: fc.Arbitrary<Placed> = fc.oneof(
    counts(9)
      .filter(given => Object.values(given).some(each => each > 0))
      .map(given => weights(given)),
    clusters.map(given => weights(Object.fromEntries(given.map(name => [name, 1])))),
    fc.record({ mode: fc.constantFrom('dynamic', 'duplicate'), clusters }),
  )
  const replicas = fc.integer({ min: 0, max: 40 })
  const change = fc.record({ replicas: fc.tuple(replicas, replicas), placed: fc.tuple(placed, placed) })
  const fate = fc.record({ isDescending: fc.boolean(), room: counts(60) })

  test('whatever changes, however ties are broken and how much room there is', () => {
    fc.assert(
      fc.property(change, fc.boolean(), fate, (given, isSeen, how) => {
        const splits = splitsOf(given, firstWritten(...given.replicas), isSeen, how)
        expect(robbed(splits)).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })
})
