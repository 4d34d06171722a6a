import type { KubeObject } from '@meridian/lab-kube-api'
import { describe, expect, test } from 'vitest'
import { type OverridePolicySpec, type Overriders, overrideManifest } from '../override.ts'
import { candidate } from './candidate.ts'

const service: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'lab', annotations: { kept: 'yes' } },
  spec: {
    ports: [
      { port: 80, nodePort: 31_000 },
      { port: 443, nodePort: 31_001 },
    ],
  },
}
const deployment: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'lab' },
  spec: {
    template: { spec: { containers: [{ name: 'web', image: 'docker.io/team/web:1.0', args: ['-v'] }] } },
  },
}
const eur = candidate('eur', { region: 'eu-west-1' })

function apply(
  object: KubeObject,
  overriders: Overriders,
  rest: Partial<OverridePolicySpec> = {},
): KubeObject {
  const policy = { namespace: 'lab', name: 'web', spec: { overrideRules: [{ overriders }], ...rest } }
  return overrideManifest(object, eur, [policy]).manifest
}

describe('overrideManifest', () => {
  test('removes the node ports that plaintext names, and leaves its input alone', () => {
    const plaintext = [0, 1].map(index => ({
      path: `/spec/ports/${index}/nodePort`,
      operator: 'remove' as const,
    }))
    expect(apply(service, { plaintext }).spec).toEqual({ ports: [{ port: 80 }, { port: 443 }] })
    expect(service.spec).toMatchObject({ ports: [{ nodePort: 31_000 }, { nodePort: 31_001 }] })
  })

  test.each<[string, Overriders, unknown]>([
    [
      'adds annotations',
      { annotationsOverrider: [{ operator: 'add', value: { a: 'b' } }] },
      { kept: 'yes', a: 'b' },
    ],
    [
      'replaces only those that are there',
      { annotationsOverrider: [{ operator: 'replace', value: { kept: 'no', a: 'b' } }] },
      { kept: 'no' },
    ],
    ['removes annotations', { annotationsOverrider: [{ operator: 'remove', value: { kept: '' } }] }, {}],
  ])('%s', (_case, overriders, annotations) => {
    expect(apply(service, overriders).metadata.annotations).toEqual(annotations)
  })

  test.each<[string, Overriders, object]>([
    [
      'the registry',
      { imageOverrider: [{ component: 'Registry', operator: 'replace', value: 'ecr.aws' }] },
      { image: 'ecr.aws/team/web:1.0' },
    ],
    [
      'the tag',
      { imageOverrider: [{ component: 'Tag', operator: 'replace', value: '2.0' }] },
      { image: 'docker.io/team/web:2.0' },
    ],
    [
      'the arguments',
      { argsOverrider: [{ containerName: 'web', operator: 'add', value: ['-x'] }] },
      { args: ['-v', '-x'] },
    ],
  ])('changes %s of containers', (_case, overriders, expected) => {
    expect(apply(deployment, overriders).spec).toMatchObject({
      template: { spec: { containers: [expected] } },
    })
  })

  test('applies a rule only to the clusters it targets', () => {
    const overriders: Overriders = { labelsOverrider: [{ operator: 'add', value: { here: 'yes' } }] }
    const rule = (region: string) => ({
      targetCluster: {
        fieldSelector: { matchExpressions: [{ key: 'region', operator: 'In', values: [region] }] },
      },
      overriders,
    })
    expect(apply(service, {}, { overrideRules: [rule('us-east-1')] }).metadata.labels).toBeUndefined()
    expect(apply(service, {}, { overrideRules: [rule('eu-west-1')] }).metadata.labels).toEqual({
      here: 'yes',
    })
  })

  test('leaves objects alone that the policy does not select', () => {
    const resourceSelectors = [{ apiVersion: 'v1', kind: 'Service', name: 'other', namespace: 'lab' }]
    const overriders: Overriders = { annotationsOverrider: [{ operator: 'add', value: { a: 'b' } }] }
    expect(apply(service, overriders, { resourceSelectors })).toEqual(service)
  })

  test('fails on a path that is not there', () => {
    const plaintext = [{ path: '/spec/ports/7/nodePort', operator: 'remove' as const }]
    expect(() => apply(service, { plaintext })).toThrow('doc is missing path: /spec/ports/7/nodePort')
  })
})
