import { expect, test } from 'vitest'
import { compareNames, displayName, normalizeName } from '../../src/zone/name.ts'

test('names as Route 53 lists them are read back', () => {
  expect(normalizeName('\\052.Example.com.')).toBe('*.example.com')
})

test('an international name is shown beside its punycode', () => {
  expect(displayName('xn--bcher-kva.example')).toBe('xn--bcher-kva.example (bücher.example)')
  expect(displayName('hugo.example')).toBe('hugo.example')
})

test('names sort by label from the right, parents first and escapes as listed', () => {
  const listed = [
    'example.com.',
    '1.example.com.',
    '\\052.example.com.',
    '_m.example.com.',
    'a.example.com.',
    'b.a.example.com.',
  ]
  expect(listed.toReversed().sort(compareNames)).toEqual(listed)
})
