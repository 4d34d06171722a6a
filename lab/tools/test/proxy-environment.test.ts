import { proxyFor, proxyVariables } from '@meridian/runner'
import { assert, constantFrom, property, record, uniqueArray } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { goProxy } from '../proxy-environment.ts'

const px = 'http://px:3128'

describe('a program in Go', () => {
  test.each([
    ['upper case', { HTTPS_PROXY: px, https_proxy: 'http://other' }, 'https://a.com', px],
    ['what is given in lower case alone', { https_proxy: px }, 'https://a.com', px],
    ['a proxy without a scheme', { HTTPS_PROXY: 'px:3128' }, 'https://a.com', px],
    ['no proxy for loopback', { HTTP_PROXY: px }, 'http://127.0.0.1:80', undefined],
    ['no proxy of the other scheme', { HTTP_PROXY: px }, 'https://a.com', undefined],
  ])('takes %s', (_, env, url, expected) => expect(goProxy(env, new URL(url))).toBe(expected))

  test.each([
    ['a.com b.com', 'https://a.com'],
    ['[2001:db8::1]', 'https://[2001:db8::1]'],
    ['.a.com', 'https://a.com'],
  ])('does not take %s for an exemption of %s', (NO_PROXY, url) =>
    expect(goProxy({ HTTPS_PROXY: px, NO_PROXY }, new URL(url))).toBe(px),
  )
})

const entries = [
  ...['a.com', '.a.com', '*.a.com', 'A.com:8443', '*.a.com:443', 'a.com:80', 'b.a.com', 'com', '*'],
  ...['10.0.0.1', '10.0.0.1:6443', '10.0.0.0/8', '10.0.0.0/33', '0.0.0.0/0', '[fd00::1]', 'fd00::1'],
  ...['[fd00::1]:6443', 'fd00::/8', '[fd00::]/8', 'münchen.example', '', '/', ':443', '10.'],
]
const urls = [
  ...['https://a.com', 'http://a.com', 'https://a.com:8443', 'https://x.a.com', 'https://b.a.com:8443'],
  ...['https://xa.com', 'https://10.0.0.1', 'https://10.0.0.1:6443', 'https://10.9.9.9', 'http://11.0.0.1'],
  ...['https://[fd00::1]', 'https://[fd00::1]:6443', 'https://[fe00::1]', 'https://münchen.example'],
  ...['https://localhost', 'https://127.0.0.1', 'https://[::1]:6443'],
]

test('goes through a proxy where the actions do, by the variables that they hand on', () => {
  const given = record({
    url: constantFrom(...urls),
    separator: constantFrom(',', ' ', ' , '),
    exempt: uniqueArray(constantFrom(...entries), { maxLength: 4 }),
    name: constantFrom('NO_PROXY', 'no_proxy'),
  })
  assert(
    property(given, ({ url, separator, exempt, name }) => {
      const env = { https_proxy: 'px:3128', HTTP_PROXY: px, [name]: exempt.join(separator) }
      expect(goProxy(proxyVariables(env), new URL(url))).toBe(proxyFor(env, url)?.url)
    }),
    { numRuns: 2_000 },
  )
})
