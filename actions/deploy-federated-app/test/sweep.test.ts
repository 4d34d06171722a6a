import { fileURLToPath } from 'node:url'
import type { KubeObject } from '@meridian/kube'
import { testJob } from '@meridian/runner/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { allocateSeats } from '../../../lab/kube/karmada/webster.ts'
import { inputVariables, readActionFile } from '../../../lab/runner/action-file.ts'
import { readInputs } from '../src/inputs.ts'
import { parseManifest } from '../src/parse-manifest.ts'
import { deploy } from '../src/run.ts'
import { configMap, deployment, service } from './lab-federation.ts'
import { createFederation, type StoreFederation } from './store-federation.ts'

const clusters = ['usa', 'eur', 'jpn']
const parse = (...texts: string[]) => parseManifest({ path: 'app.yaml', text: texts.join('---') }).objects
const before = parse(deployment('web', 3), service('web', 'NodePort'), configMap('old'), configMap('kept'))
const after = parse(deployment('web', 4, 'web:2'), service('web', 'NodePort'), configMap('kept', 'w'))

let variables: Record<string, string>
beforeAll(async () => {
  const action = await readActionFile(fileURLToPath(new URL('..', import.meta.url)))
  variables = inputVariables(action, { manifests: 'app.yaml', app: 'web', prune: 'true' }).env
})

/** Deploys, and counts the calls; the process dies once the `last` of them is carried out. */
async function run(
  federation: StoreFederation,
  manifests: readonly KubeObject[],
  rollout: string,
  last = Number.POSITIVE_INFINITY,
): Promise<{ calls: number; error?: unknown; outputs: Record<string, unknown> }> {
  let calls = 0
  const job = testJob()
  const kube = federation.connect(when => {
    if (when === 'before') calls += 1
    if (calls > last || (calls === last && when === 'after')) throw new Error('killed')
  })
  const given = { INPUT_ROLLOUT: rollout, INPUT_NAMESPACE: 'shop', INPUT_DOMAIN: 'k8s.example.com' }
  const inputs = readInputs({ ...variables, ...given })
  const error = await deploy(inputs, job, kube, manifests).then(
    () => undefined,
    (failure: Error) => failure,
  )
  if (error && error.message !== 'killed') throw error
  return { calls, error, outputs: job.outputs }
}

/** Everything there is, in the federation and its members, without what tells one run from another. */
function snapshot({ store, members }: StoreFederation): unknown {
  const kinds = ['Namespace', 'Deployment', 'Service', 'ConfigMap', 'PropagationPolicy', 'OverridePolicy']
  const objects = kinds.flatMap(kind =>
    store.list(kind).map(({ metadata: { name, labels, annotations }, spec, data }) => {
      return { kind, name, labels, hash: annotations?.['meridian.dev/manifest-hash'], spec, data }
    }),
  )
  const given = new Set(['clusterIP', 'clusterIPs', 'nodePort'])
  const copies = [...members].toSorted().map(([where, text]) => [where, JSON.parse(text)])
  // What a server hands out is another in each federation.
  return JSON.parse(JSON.stringify([objects, copies], (key, value) => (given.has(key) ? undefined : value)))
}

describe('whichever call a run dies with, another run ends where an undisturbed one does', () => {
  test.each(['all', 'waves'])('in a rollout to %s', async rollout => {
    const undisturbed = createFederation(clusters)
    await run(undisturbed, before, 'all')
    const { calls } = await run(undisturbed, after, rollout)
    expect(calls).toBeGreaterThan(30)
    for (let last = 1; last <= calls; last += 1) {
      const federation = createFederation(clusters)
      await run(federation, before, 'all')
      expect((await run(federation, after, rollout, last)).error, `call ${last}`).toBeDefined()
      await run(federation, after, rollout)
      expect(snapshot(federation), `call ${last}`).toEqual(snapshot(undisturbed))
    }
  })

  test('which is the same for waves as for all at once, and where a further run changes nothing', async () => {
    const states = await Promise.all(
      ['all', 'waves'].map(async rollout => {
        const federation = createFederation(clusters)
        for (const manifests of [before, after]) await run(federation, manifests, rollout)
        expect((await run(federation, after, rollout)).outputs.changed).toBe(false)
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
    const { outputs } = await run(federation, parse(deployment('web', replicas)), 'all')
    const weights = Object.fromEntries(names.map(name => [name, 1]))
    expect(outputs.replicas).toEqual(allocateSeats(replicas, weights))
  },
)
