import { KubeError, type KubeObject } from '@meridian/kube'
import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { waitForDefinitions } from '../../src/apply/wait-for-definitions.ts'

const definition = (fields: object): KubeObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: { group: 'example.com', versions: [{ name: 'v1', schema: { openAPIV3Schema: fields } }] },
})
const [former, next] = [{ properties: {} }, { properties: { spec: { type: 'object' } } }].map(definition)
const binding = (clusters: string[], status: object = {}, spec: object = {}) => ({
  metadata: { name: 'widgets.example.com-customresourcedefinition' },
  spec: { clusters: clusters.map(name => ({ name })), ...spec },
  status,
})

/** A federation whose members answer one after the other what is given for them; the last stays. */
function federation(of: object | undefined, answers: Record<string, (KubeObject | KubeError | undefined)[]>) {
  const asked: string[] = []
  const request = async (_method: string, path: string) => {
    const name = /clusters\/(\w+)\/proxy/.exec(path)?.[1] ?? ''
    asked.push(name)
    const left = answers[name] ?? []
    const answer = left.length > 1 ? left.shift() : left[0]
    if (answer instanceof KubeError) throw answer
    return answer
  }
  return {
    asked,
    kube: { get: async () => of, request } as unknown as Parameters<typeof waitForDefinitions>[1],
  }
}
const refusal = new KubeError('no', { status: 403, reason: 'Forbidden', server: 'fed' })

test('is over once each member has the definition as it is now', async () => {
  const { kube, asked } = federation(binding(['usa', 'eur']), { usa: [next], eur: [former, next] })
  const job = testJob()
  await waitForDefinitions(job, kube, next as KubeObject)
  expect(asked.filter(name => name === 'eur')).toHaveLength(2)
  expect(job.lines.join()).toContain('eur has the former one')
})

test.each([
  ['cannot be asked', binding(['usa']), { usa: [refusal] }],
  [
    'has refused it',
    binding(['usa'], { aggregatedStatus: [{ clusterName: 'usa', applied: false }] }),
    { usa: [former] },
  ],
  [
    'it is held back from',
    binding(['usa'], {}, { suspension: { dispatchingOnClusters: { clusterNames: ['usa'] } } }),
    { usa: [former] },
  ],
])('does not wait for a member that %s', async (_, of, answers) => {
  await waitForDefinitions(testJob(), federation(of, answers).kube, next as KubeObject)
})

test('has nobody to wait for where Karmada does not carry the definition', async () => {
  await waitForDefinitions(testJob(), federation(undefined, {}).kube, next as KubeObject)
})
