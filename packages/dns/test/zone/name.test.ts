import { expect, test } from 'vitest'
import { compareNames, displayName, normalizeName, parseHostname } from '../../src/zone/name.ts'

test.each([
  ['Hugo-Fed.K8s.Example.COM.', 'hugo-fed.k8s.example.com'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['BÜCHER.example', 'xn--bcher-kva.example'],
  ['0x7f.1', '0x7f.1'],
  ['hugo\\055fed.example.com', 'hugo-fed.example.com'],
])('%s is the host name %s', (raw, name) => {
  expect(parseHostname(raw)).toBe(name)
})

test.each([
  '',
  '.',
  'a..b',
  '-a.example',
  'a_b.example',
  '*.example.com',
  '\\052.example.com',
  'a\\056b.example',
  'a\\9.example',
  'a b.example',
  'a\nb.example',
  'a\u0000.example',
  '🦊.example',
  '__proto__',
  `${'a'.repeat(64)}.example`,
  `${'a.'.repeat(130)}example`,
])('%j is no host name', raw => {
  expect(() => parseHostname(raw)).toThrow(/must|has the label/)
})

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
