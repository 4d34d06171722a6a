import { expect, test } from 'vitest'
import { parseHostname } from '../src/parse-hostname.ts'

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
