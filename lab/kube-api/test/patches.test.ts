import { describe, expect, test } from 'vitest'
import { keyedBy } from '../merge-schema.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import { applyMergePatch } from '../patch/merge-patch.ts'
import { applyStrategicPatch } from '../patch/strategic-patch.ts'
import type { MergeSchema } from '../schema/merge-types.ts'
import { StatusError } from '../status-error.ts'

describe('a JSON patch', () => {
  test.each([
    ['adds a field', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['adds to the end of a list', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    ['inserts into a list', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    ['removes', { a: { b: 1, c: 2 } }, [{ op: 'remove', path: '/a/b' }], { a: { c: 2 } }],
    ['replaces', { a: [1, 2] }, [{ op: 'replace', path: '/a/0', value: 9 }], { a: [9, 2] }],
    ['moves', { a: 1 }, [{ op: 'move', from: '/a', path: '/b' }], { b: 1 }],
    ['copies', { a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
    [
      'goes on after a test that holds',
      { a: 1 },
      [
        { op: 'test', path: '/a', value: 1 },
        { op: 'remove', path: '/a' },
      ],
      {},
    ],
    ['reads escaped names', { 'a/b~c': 1 }, [{ op: 'remove', path: '/a~1b~0c' }], {}],
  ])('%s', (_case, document, patch, result) => {
    expect(applyJsonPatch(document, patch)).toEqual(result)
  })

  test.each([
    ['replaces what a map does not have', { op: 'replace', path: '/b', value: 2 }, { a: 1, l: [1, 2], b: 2 }],
    ['takes what a map does not have for null', { op: 'test', path: '/b', value: null }, { a: 1, l: [1, 2] }],
    [
      'copies what a map does not have as null',
      { op: 'copy', from: '/b', path: '/a' },
      { a: null, l: [1, 2] },
    ],
    ['counts from the end of a list', { op: 'remove', path: '/l/-1' }, { a: 1, l: [1] }],
    ['adds at the end of a list', { op: 'add', path: '/l/-', value: 3 }, { a: 1, l: [1, 2, 3] }],
    ['reads a path without slash from the root', { op: 'add', path: 'l/a', value: 3 }, { a: 3, l: [1, 2] }],
    ['adds null where it has no value', { op: 'add', path: '/a' }, { a: null, l: [1, 2] }],
    ['replaces the document', { op: 'replace', path: '', value: {} }, {}],
  ])('%s', (_case, operation, result) => {
    expect(applyJsonPatch({ a: 1, l: [1, 2] }, [operation])).toEqual(result)
  })

  test.each([
    ['a path into nothing', { op: 'replace', path: '/b/c', value: 1 }],
    ['a test that fails', { op: 'test', path: '/a', value: 2 }],
    ['a test of what is not there', { op: 'test', path: '/b', value: 2 }],
    ['removing what is not there', { op: 'remove', path: '/b' }],
    ['moving what is not there', { op: 'move', from: '/b', path: '/c' }],
    ['an index beyond the list', { op: 'add', path: '/l/9', value: 2 }],
    ['an operation that it does not know', { op: 'frob', path: '/a' }],
    ['an operation without a path', { op: 'remove' }],
  ])('refuses %s, and does not say why', (_case, operation) => {
    expect(() => applyJsonPatch({ a: 1, l: [1, 2] }, [operation])).toThrow(
      new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {}),
    )
  })

  test('leaves the document as it was', () => {
    const document = { a: { b: 1 } }
    applyJsonPatch(document, [{ op: 'remove', path: '/a/b' }])
    expect(document).toEqual({ a: { b: 1 } })
  })
})

describe('a merge patch', () => {
  test.each([
    [
      'sets and removes fields',
      { a: 1, b: { c: 2, d: 3 } },
      { b: { c: null, e: 4 } },
      { a: 1, b: { d: 3, e: 4 } },
    ],
    ['replaces lists whole', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['drops nulls of new maps', {}, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
  ])('%s', (_case, target, patch, result) => {
    expect(applyMergePatch(target, patch)).toEqual(result)
  })
})

describe('a strategic merge patch', () => {
  const schema: MergeSchema = {
    fields: { items: keyedBy('name', { ports: keyedBy('port') }), names: { set: true } },
  }

  test.each([
    [
      'merges items by their key',
      { items: [{ name: 'a', x: 1 }, { name: 'b' }] },
      { items: [{ name: 'a', y: 2 }, { name: 'c' }] },
      { items: [{ name: 'a', x: 1, y: 2 }, { name: 'b' }, { name: 'c' }] },
    ],
    [
      'deletes an item',
      { items: [{ name: 'a' }, { name: 'b' }] },
      { items: [{ name: 'a', $patch: 'delete' }] },
      { items: [{ name: 'b' }] },
    ],
    ['replaces a map', { spec: { a: 1 } }, { spec: { $patch: 'replace', b: 2 } }, { spec: { b: 2 } }],
    [
      'replaces a list',
      { items: [{ name: 'a' }] },
      { items: [{ name: 'b' }, { $patch: 'replace' }] },
      { items: [{ name: 'b' }] },
    ],
    ['joins sets', { names: ['a'] }, { names: ['b', 'a'] }, { names: ['a', 'b'] }],
    [
      'takes values out of a set',
      { names: ['a', 'b'] },
      { '$deleteFromPrimitiveList/names': ['a'] },
      { names: ['b'] },
    ],
    [
      'orders items as told',
      { items: [{ name: 'a' }, { name: 'b' }] },
      { '$setElementOrder/items': [{ name: 'b' }, { name: 'a' }] },
      { items: [{ name: 'b' }, { name: 'a' }] },
    ],
    [
      'keeps the named fields only',
      { strategy: { type: 'RollingUpdate', rollingUpdate: {} } },
      { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
      { strategy: { type: 'Recreate' } },
    ],
  ])('%s', (_case, target, patch, result) => {
    expect(applyStrategicPatch(target, patch, schema)).toEqual(result)
  })

  test('needs the key of every item', () => {
    expect(() => applyStrategicPatch({}, { items: [{ x: 1 }] }, schema)).toThrow('merge key: name')
  })
})
