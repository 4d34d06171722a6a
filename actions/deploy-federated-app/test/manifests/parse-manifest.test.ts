import { describe, expect, test } from 'vitest'
import { parseManifest } from '../../src/manifests/parse-manifest.ts'

const parse = (text: string) => parseManifest({ path: 'a.yaml', text })
const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`

describe('a manifest', () => {
  test('may hold many documents, and empty ones', () => {
    const { objects, problems } = parse(`---\n${map('a')}---\n---\n${map('b')}`)
    expect(problems).toEqual([])
    expect(objects.map(object => object.metadata.name)).toEqual(['a', 'b'])
  })

  test('may be JSON', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }
    expect(parse(JSON.stringify(object)).objects).toEqual([object])
  })

  test('may hold braces in its texts', () => {
    const text = `${map('a')}data:\n  alert: "{{ $labels.instance }} is down"\n`
    expect(parse(text)).toMatchObject({
      objects: [{ data: { alert: '{{ $labels.instance }} is down' } }],
      problems: [],
    })
  })

  test.each(['kustomization.yaml', 'base/kustomization.yml', 'a/b/Kustomization'])(
    'is none that kustomize renders: %s',
    path => {
      expect(parseManifest({ path, text: 'resources: [a.yaml]' })).toEqual({
        objects: [],
        problems: [expect.stringContaining(`${path}: kustomize renders the folder`)],
      })
    },
  )

  test('may share parts by anchors, aliases and merge keys', () => {
    const text = `${map('a')}data: &d {k: v}\n---\nshared: &d {k: v}\n`
    expect(parse(text).objects[0]).toMatchObject({ data: { k: 'v' } })
    const merged = `apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: a}\nother: {<<: *m, more: x}`
    expect(parse(merged).objects[0]).toMatchObject({ other: { name: 'a', more: 'x' } })
  })

  test.each([
    ['defaultMode', '0400', 256],
    ['defaultMode', '-0o17', -15],
    ['defaultMode', '08', 8],
    ['hostNetwork', 'yes', true],
    ['hostNetwork', 'Off', false],
    ['replicas', '1_000', 1000],
    ['replicas', '0B11', 3],
    ['commit', '3e4567', '3e4567'],
    ['version', '0x1p3', '0x1p3'],
    ['port', '22:22', '22:22'],
    ['date', '2026-01-31', '2026-01-31'],
    ['mode', '"0400"', '0400'],
  ])('means by %s: %s what kubectl reads', (field, text, value) => {
    expect(parse(`${map('a')}spec: {${field}: ${text}}`).objects[0]).toMatchObject({
      spec: { [field]: value },
    })
  })

  test('may hold an object whose kind only sounds like a list', () => {
    const text = 'apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: a}\nitems: [x]'
    expect(parse(text)).toMatchObject({ objects: [{ kind: 'AllowList' }], problems: [] })
  })

  test('may hold lists, whose items are looked at one by one', () => {
    const text = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
        { apiVersion: 'v1', kind: 'Secret' },
      ],
    })
    const { objects, problems } = parse(text)
    expect(objects.map(object => object.kind)).toEqual(['ConfigMap'])
    expect(problems).toEqual(['a.yaml (document 1): Secret has no metadata'])
  })
})

describe('a manifest is refused', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'
      .split('')
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[at]}`).join(',')}]`),
  ].join('\n')

  const mergeBomb = [
    'a: &a {k1: 1, k2: 2}',
    ...'bcdefgh'
      .split('')
      .map((name, at) => `${name}: &${name} {<<: [${Array(9).fill(`*${'abcdefg'[at]}`).join(',')}]}`),
  ].join('\n')

  test.each([
    ['an alias bomb', bomb, /alias/i],
    ['an alias bomb under merge keys', mergeBomb, /more than 20 aliases/],
    ['too many values', `a: [${'1,'.repeat(100_001)}]`, /more than 100000 values/],
    [
      'text of a Secret that is read as a number',
      'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {pin: 0123}',
      /stringData whose values are not all text/,
    ],
    ['labels that are no text', 'apiVersion: v1\nkind: A\nmetadata: {name: a, labels: {a: 1}}', /labels/],
    [
      'annotations as a list',
      'apiVersion: v1\nkind: A\nmetadata: {name: a, annotations: [a]}',
      /annotations/,
    ],
    ['deep nesting', '['.repeat(5000) + ']'.repeat(5000), /nested/],
    ['nesting just too deep', '['.repeat(100) + ']'.repeat(100), /nested deeper than 60 levels/],
    [
      'a number that would become another',
      `${map('a')}spec: {id: 9007199254740993}`,
      /quote it if it is text/,
    ],
    ['such a number in base 16', `${map('a')}spec: {id: 0xfffffffffffffff1}`, /more digits than are kept/],
    ['a NUL', `${map('a')}\0`, /NUL/],
    ['broken YAML', 'a: [', /a\.yaml: /],
    [
      'a template of Helm that is YAML too',
      `${map('a')}data: {replicas: x}\nother: {{ .Values.other }}`,
      /template of Helm that has not been rendered: run `helm template/,
    ],
    ['a template of Helm', `{{- if .Values.on }}\n${map('a')}{{- end }}`, /template of Helm/],
    ['a key twice', 'kind: A\nkind: B', /unique/],
    ['a scalar', 'hello', /is not an object/],
    ['a list of nothing', '- a', /is not an object/],
    ['no kind', 'apiVersion: v1', /has no apiVersion or no kind/],
    ['no name', 'apiVersion: v1\nkind: Job\nmetadata: {generateName: x-}', /no valid metadata.name/],
    ['a name that leads elsewhere', map('"../x"'), /no valid metadata.name/],
    ['a name with a slash', map('a/b'), /no valid metadata.name/],
    [
      'a namespace that leads elsewhere',
      'apiVersion: v1\nkind: A\nmetadata: {name: a, namespace: ../x}',
      /no valid metadata.namespace/,
    ],
    [
      'a version that leads elsewhere',
      'apiVersion: ../v1\nkind: A\nmetadata: {name: a}',
      /a kind that cannot be/,
    ],
    [
      'lists in lists in lists in lists',
      JSON.stringify(
        [0, 1, 2, 3, 4].reduce<unknown>(items => ({ apiVersion: 'v1', kind: 'List', items: [items] }), {}),
      ),
      /has no metadata|has no apiVersion/,
    ],
  ])('with %s', (_, text, message) => {
    const { problems } = parse(text)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(message)
  })
})
