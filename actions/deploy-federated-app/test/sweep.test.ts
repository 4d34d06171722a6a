import { allocateSeats } from '@meridian/lab-karmada/webster'
import { describe, expect, test } from 'vitest'
import { configMap, deployment, service } from './lab-federation.ts'
import { parse, runInStore as run } from './run-in-store.ts'
import { createFederation, type StoreFederation } from './store-federation.ts'

const clusters = ['usa', 'eur', 'jpn']
const before = parse(deployment('web', 3), service('web', 'NodePort'), configMap('old'), configMap('kept'))
const after = parse(deployment('web', 4, 'web:2'), service('web', 'NodePort'), configMap('kept', 'w'))

/** Everything there is, in the federation and its members, without what tells one run from another. */
function snapshot({ store, members }: StoreFederation): unknown {
  const kinds = ['Namespace', 'Deployment', 'Service', 'ConfigMap', 'PropagationPolicy', 'OverridePolicy']
  const objects = kinds.flatMap(kind =>
    store.list(kind).map(({ metadata: { name, labels, annotations }, spec, data }) => {
      return { kind, name, labels, hash: annotations?.['meridian.dev/manifest-hash'], spec, data }
    }),
  )
  const given = new Set(['clusterIP', 'clusterIPs', 'nodePort', 'propagationpolicy.karmada.io/permanent-id'])
  const copies = [...members].toSorted().map(([where, text]) => [where, JSON.parse(text)])
  // What a server hands out is another in each federation.
  return JSON.parse(JSON.stringify([objects, copies], (key, value) => (given.has(key) ? undefined : value)))
}

describe('whichever call a run dies with, another run ends where an undisturbed one does', () => {
  const parts = [0, 1, 2, 3]
  const cases = ['all', 'waves'].flatMap(rollout => parts.map(part => ({ rollout, part })))
  test.each(cases)('in a rollout to $rollout (part $part)', async ({ rollout, part }) => {
    const undisturbed = createFederation(clusters)
    await run(undisturbed, before, {})
    const { calls } = await run(undisturbed, after, { rollout })
    expect(calls).toBeGreaterThan(30)
    for (let last = 1 + part; last <= calls; last += parts.length) {
      const federation = createFederation(clusters)
      await run(federation, before, {})
      expect((await run(federation, after, { rollout }, { last })).error, `call ${last}`).toBeDefined()
      await run(federation, after, { rollout })
      expect(snapshot(federation), `call ${last}`).toEqual(snapshot(undisturbed))
    }
  })

  test('which is the same for waves as for all at once, and where a further run changes nothing', async () => {
    const states = await Promise.all(
      ['all', 'waves'].map(async rollout => {
        const federation = createFederation(clusters)
        for (const manifests of [before, after]) await run(federation, manifests, { rollout })
        expect((await run(federation, after, { rollout })).outputs.changed).toBe(false)
        return snapshot(federation)
      }),
    )
    expect(states[0]).toEqual(states[1])
  })
})

test.each([
  [10, 37],
  [50, 120],
])(
  'over %i clusters %i replicas are divided as Karmada does it, and all are waited for',
  async (many, replicas) => {
    const names = Array.from({ length: many }, (_, at) => `c${String(at).padStart(2, '0')}`)
    const federation = createFederation(names)
    const { outputs } = await run(federation, parse(deployment('web', replicas)), {})
    const weights = Object.fromEntries(names.map(name => [name, 1]))
    expect(outputs.replicas).toEqual(allocateSeats(replicas, weights))
  },
)
