import type { KubeObject } from '@meridian/kube'
import { expect, test } from 'vitest'
import { findDisplaced } from '../../src/plan/changed-list-keys.ts'

type Item = Record<string, unknown>
const spec = (object: Item, fields?: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'web',
    ...(fields && {
      managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:spec': fields } }],
    }),
  },
  spec: object,
})

/** As a server has a list whose items have a key, all of them somebody's. */
function live(list: string, key: string, items: Item[]): KubeObject {
  const fields = items.map(item => [`k:${JSON.stringify({ [key]: item[key] })}`, { [`f:${key}`]: {} }])
  return spec({ [list]: items }, { [`f:${list}`]: Object.fromEntries(fields) })
}

test.each<[what: string, list: string, key: string, stated: Item[], found: Item[], shown: string[]]>([
  ['a number', 'ports', 'port', [{ port: 80, name: 'a' }], [{ port: 81, name: 'a' }], ['port=80 → port=81']],
  ['a number, of what has no name', 'ports', 'port', [{ port: 80 }], [{ port: 81 }], ['port=80 → port=81']],
  [
    'a name, of what says the same',
    'containers',
    'name',
    [{ name: 'web', image: 'x:1' }],
    [
      { name: 'proxy', image: 'y:1' },
      { name: 'main', image: 'x:1', imagePullPolicy: 'Always' },
    ],
    ['name=web → name=main'],
  ],
  ['nothing', 'ports', 'port', [{ port: 80, name: 'a' }], [{ port: 80, name: 'a' }], []],
  ['nothing, but added to it', 'ports', 'port', [{ port: 80 }], [{ port: 80 }, { port: 81 }], []],
  ['all of an item', 'ports', 'port', [{ port: 80, name: 'a' }], [{ port: 81, name: 'b' }], []],
])('somebody has changed %s', (_, list, key, stated, found, shown) => {
  const displaced = findDisplaced(spec({ [list]: stated }), live(list, key, found))
  expect(displaced.map(each => `${each.shown.wanted} → ${each.shown.live}`)).toEqual(shown)
  for (const { owners } of displaced) expect(owners).toEqual(['kubectl'])
})

test('lists in items of lists are looked into', () => {
  const port = (number: number) => [{ name: 'web', ports: [{ containerPort: number, name: 'http' }] }]
  const fields = {
    'f:containers': { 'k:{"name":"web"}': { 'f:ports': { 'k:{"containerPort":81}': { 'f:name': {} } } } },
  }
  const displaced = findDisplaced(spec({ containers: port(80) }), spec({ containers: port(81) }, fields))
  expect(displaced).toMatchObject([
    { list: 'spec.containers[].ports[]', pointer: '/spec/containers/0/ports/0' },
  ])
})

test('lists that are replaced whole have no keys', () => {
  const found = spec({ rules: [{ host: 'b' }] }, { 'f:rules': {} })
  expect(findDisplaced(spec({ rules: [{ host: 'a' }] }), found)).toEqual([])
})
