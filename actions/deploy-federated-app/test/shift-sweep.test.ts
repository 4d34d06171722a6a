import { heldClusters } from '@meridian/karmada'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deployment } from './lab-federation.ts'
import { parse, runInStore } from './run-in-store.ts'
import { createFederation, type StoreFederation } from './store-federation.ts'

type App = { replicas: number; placement: string; image?: string }

const clusters = ['usa', 'eur', 'jpn']
const manifestsOf = ({ replicas, image = 'web:1' }: App) => parse(deployment('web', replicas, image))
const deploy = (
  federation: StoreFederation,
  app: App,
  rollout: string,
  options?: Parameters<typeof runInStore>[3],
) => runInStore(federation, manifestsOf(app), { rollout, placement: app.placement }, options)

type Look = Record<string, { replicas: number; image: string }>
/** What each member runs. */
function lookAt({ members }: StoreFederation): Look {
  const entries = [...members].flatMap(([key, text]) => {
    const { kind, spec } = JSON.parse(text)
    return kind === 'Deployment'
      ? [[key.split(' ')[0], { replicas: spec.replicas, image: spec.template.spec.containers[0].image }]]
      : []
  })
  return Object.fromEntries(entries)
}

/** Members that have fewer at some moment than the smaller of before and after, though they keep some. */
function robbed(looks: readonly Look[]): string[] {
  const [start = {}, end = {}] = [looks[0], looks.at(-1)]
  return clusters.filter(name => {
    const least = Math.min(start[name]?.replicas ?? 0, end[name]?.replicas ?? 0)
    return looks.some(look => (look[name]?.replicas ?? 0) < least)
  })
}

/** How often a member is given something else. */
function countSteps(looks: readonly Look[], name: string): number {
  const texts = looks.map(look => JSON.stringify(look[name]))
  return texts.filter((text, at) => at > 0 && text !== texts[at - 1]).length
}

const isHeld = ({ store }: StoreFederation) =>
  heldClusters(store.get('PropagationPolicy', 'shop', 'web-deployment') ?? {}).length > 0

const cases: [string, App, App][] = [
  [
    'a region comes',
    { replicas: 2, placement: 'only: [usa, eur]' },
    { replicas: 7, placement: 'even', image: 'web:2' },
  ],
  ['a region goes', { replicas: 7, placement: 'even' }, { replicas: 2, placement: 'exclude: [usa]' }],
  [
    'weights turn round',
    { replicas: 3, placement: 'weights: {usa: 2, eur: 1}' },
    { replicas: 9, placement: 'weights: {usa: 1, eur: 8}', image: 'web:2' },
  ],
  ['copies are divided', { replicas: 1, placement: 'duplicate' }, { replicas: 6, placement: 'even' }],
  ['what is divided is copied', { replicas: 6, placement: 'even' }, { replicas: 1, placement: 'duplicate' }],
]

describe.each(['all', 'waves'])(
  'where replicas and placement change together, in a rollout to %s,',
  rollout => {
    test.each(cases)(
      'every region goes from what it had to what it gets in one step: %s',
      async (_, before, after) => {
        const federation = createFederation(clusters)
        await deploy(federation, before, 'all')
        const looks = [lookAt(federation)]
        const { summaries } = await deploy(federation, after, rollout, {
          look: () => looks.push(lookAt(federation)),
        })
        expect(clusters.map(name => countSteps(looks, name)).filter(count => count > 1)).toEqual([])
        expect(robbed(looks)).toEqual([])
        expect(isHeld(federation)).toBe(false)
        expect(summaries.join()).toContain('<code>Deployment shop/web</code>')
        expect((await deploy(federation, after, rollout)).outputs.changed).toBe(false)
      },
    )

    test.each(cases.slice(0, 2))(
      'a run that dies is finished by the next, and no region loses pods: %s',
      async (_, before, after) => {
        const undisturbed = createFederation(clusters)
        await deploy(undisturbed, before, 'all')
        const { calls } = await deploy(undisturbed, after, rollout)
        for (let last = 1; last < calls; last += 1) {
          const federation = createFederation(clusters)
          await deploy(federation, before, 'all')
          const looks = [lookAt(federation)]
          const look = () => looks.push(lookAt(federation))
          expect(
            (await deploy(federation, after, rollout, { last, look })).error,
            `call ${last}`,
          ).toBeDefined()
          const wasHeld = isHeld(federation)
          const next = await deploy(federation, after, rollout, { look })
          if (wasHeld) expect(next.outputs.changed, `call ${last}`).toBe(true)
          expect(lookAt(federation), `call ${last}`).toEqual(lookAt(undisturbed))
          expect([robbed(looks), isHeld(federation)], `call ${last}`).toEqual([[], false])
        }
      },
    )
  },
)

test('whatever changes, and wherever a run dies, no region that keeps a share has fewer in between', async () => {
  const placement = fc.oneof(
    fc.constantFrom('even', 'duplicate'),
    fc.subarray(clusters, { minLength: 1 }).map(names => `only: [${names.join(', ')}]`),
    fc
      .tuple(fc.nat(5), fc.nat(5), fc.integer({ min: 1, max: 5 }))
      .map(([usa, eur, jpn]) => `weights: {usa: ${usa}, eur: ${eur}, jpn: ${jpn}}`),
  )
  const app = fc.record({
    replicas: fc.integer({ min: 1, max: 9 }),
    placement,
    image: fc.constantFrom('web:1', 'web:2'),
  })
  const history = fc.array(fc.record({ app, last: fc.integer({ min: 1, max: 100 }) }), { maxLength: 2 })
  await fc.assert(
    fc.asyncProperty(app, history, fc.constantFrom('all', 'waves'), async (first, rest, rollout) => {
      const federation = createFederation(clusters)
      await deploy(federation, first, rollout)
      for (const { app: next, last } of rest) {
        const looks = [lookAt(federation)]
        const look = () => looks.push(lookAt(federation))
        await deploy(federation, next, rollout, { last, look })
        await deploy(federation, next, rollout, { look })
        expect([robbed(looks), isHeld(federation)]).toEqual([[], false])
      }
    }),
    { numRuns: 30 },
  )
})
