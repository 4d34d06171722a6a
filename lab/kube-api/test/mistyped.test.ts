import type { Fields } from '@meridian/lab-world/json'
import { describe, expect, test } from 'vitest'
import { coreKinds } from '../kinds/index.ts'
import type { KubeObject } from '../objects.ts'
import { refuseMistyped } from '../schema/refuse-mistyped.ts'

/** What server-side apply says of an object; by Kubernetes' own converter of 1.35.7, where it names one problem. */
function applied(kind: string, content: Fields): string {
  const known = coreKinds.find(each => each.kind === kind)
  if (!known) throw new Error(`no kind ${kind}`)
  const { metadata = {}, ...rest } = content
  const object: KubeObject = {
    apiVersion: 'v1',
    kind,
    metadata: { name: 'a', ...(metadata as Fields) },
    ...rest,
  }
  try {
    refuseMistyped(known, object, 'shop')
    return ''
  } catch (error) {
    return (error as Error).message.replace(/^failed to create typed patch object \(shop\/a; [^)]*\): /, '')
  }
}

const inContainer = (content: Fields) => ({
  spec: { template: { spec: { containers: [{ name: 'web', ...content }] } } },
})
const inPorts = (...ports: unknown[]) => ({ spec: { ports } })
const container = '.spec.template.spec.containers[name="web"]'
const got = (value: string) => `expected string, got &value.valueUnstructured{Value:${value}}`

describe('server-side apply of what does not fit', () => {
  test.each<[string, string, Fields, string]>([
    [
      'a text for a number',
      'Deployment',
      { spec: { replicas: '3' } },
      '.spec.replicas: expected numeric (int or float), got string',
    ],
    [
      'a text for a list',
      'Deployment',
      { spec: { template: { spec: { containers: 'x' } } } },
      '.spec.template.spec.containers: expected list, got &{x}',
    ],
    [
      'a map for a list',
      'Deployment',
      inContainer({ env: { A: 'b' } }),
      `${container}.env: expected list, got &{map[A:b]}`,
    ],
    ['a list for a map', 'ConfigMap', { data: ['x'] }, '.data: expected map, got &{[x]}'],
    ['a text for a boolean', 'ConfigMap', { immutable: 'true' }, '.immutable: expected boolean, got &{true}'],
    [
      'a number for a text',
      'Deployment',
      inContainer({ env: [{ name: 'PORT', value: 80 }] }),
      `${container}.env[name="PORT"].value: ${got('80')}`,
    ],
    [
      'a map for a text',
      'ConfigMap',
      { data: { a: { b: 1 } } },
      `.data.a: ${got('map[string]interface {}{"b":1}')}`,
    ],
    ['a list for a text', 'ConfigMap', { data: { a: ['x'] } }, `.data.a: ${got('[]interface {}{"x"}')}`],
    [
      'a number in a list of texts',
      'Deployment',
      inContainer({ args: [1] }),
      `${container}.args[0]: ${got('1')}`,
    ],
    [
      'a number for the value of a label',
      'ConfigMap',
      { metadata: { labels: { a: 1 } } },
      `.metadata.labels.a: ${got('1')}`,
    ],
    [
      'an unknown field',
      'Deployment',
      inContainer({ imagePulPolicy: 'Always' }),
      `${container}.imagePulPolicy: field not declared in schema`,
    ],
    [
      'an unknown field of the metadata',
      'ConfigMap',
      { metadata: { label: {} } },
      '.metadata.label: field not declared in schema',
    ],
    [
      'only the first of two unknown fields of a map',
      'ConfigMap',
      { datas: {}, dates: {} },
      '.datas: field not declared in schema',
    ],
    [
      'a key twice',
      'Service',
      inPorts({ port: 80 }, { port: 80, protocol: 'TCP' }),
      '.spec.ports: duplicate entries for key [port=80,protocol="TCP"]',
    ],
    [
      'no key twice, which is the same as an empty one',
      'Service',
      inPorts({ name: 'x' }, { name: 'y' }),
      '.spec.ports: duplicate entries for key [port=0,protocol="TCP"]',
    ],
    [
      'nothing as an item',
      'Pod',
      { spec: { containers: [null] } },
      '.spec.containers: element 0: associative list with keys may not have a null element',
    ],
    [
      'a map for a quantity',
      'PersistentVolumeClaim',
      { spec: { resources: { requests: { storage: { a: 1 } } } } },
      '.spec.resources.requests.storage: expected any scalar, got &{map[a:1]}',
    ],
  ])('refuses %s', (_, kind, content, problem) => {
    expect(applied(kind, content)).toBe(problem)
  })

  test('takes numbers for quantities, both for ports by number or name, and null for anything', () => {
    const limits = { cpu: 1, memory: '1Gi' }
    expect(applied('Deployment', inContainer({ resources: { limits }, env: null, image: null }))).toBe('')
    expect(applied('Service', inPorts({ port: 80, targetPort: 'web' }, { port: 81, targetPort: 81 }))).toBe(
      '',
    )
  })

  test('names all problems', () => {
    const problems = applied('ConfigMap', { data: { a: 1 }, immutable: 'yes' })
    expect(problems).toBe(`errors:\n  .data.a: ${got('1')}\n  .immutable: expected boolean, got &{yes}`)
  })
})
