import { describe, expect, test } from 'vitest'
import { proxyFor, proxySecrets, proxyVariables } from '../../src/index.ts'

const px = 'http://px:3128'
const through = (exceptions: string, url: string) =>
  proxyFor({ HTTPS_PROXY: px, HTTP_PROXY: px, NO_PROXY: exceptions }, url) !== undefined

describe('a request goes', () => {
  test.each([
    // What is exempt, a URL that therefore goes straight, one that goes through the proxy all the same.
    ['example.com', 'https://example.com', 'https://notexample.com'],
    ['example.com', 'https://a.b.example.com', 'https://example.com.net'],
    ['.example.com', 'https://a.example.com', 'https://example.com'],
    ['*.example.com', 'https://a.b.example.com', 'https://example.com'],
    ['EXAMPLE.com', 'https://Example.COM', 'https://example.org'],
    ['example.com:8443', 'https://example.com:8443', 'https://example.com'],
    ['example.com:443', 'https://example.com', 'http://example.com'],
    ['example.com:80', 'http://example.com', 'https://example.com'],
    ['*.example.com:8443', 'https://a.example.com:8443', 'https://a.example.com'],
    ['münchen.example', 'https://münchen.example', 'https://munchen.example'],
    ['10.1.2.3', 'https://10.1.2.3', 'https://10.1.2.30'],
    ['10.1.2.3:6443', 'https://10.1.2.3:6443', 'https://10.1.2.3'],
    ['10.0.0.0/8', 'https://10.255.0.1:6443', 'https://11.0.0.1'],
    ['10.1.2.3/32', 'https://10.1.2.3', 'https://10.1.2.4'],
    ['172.16.0.0/12', 'http://172.31.255.255', 'http://172.32.0.0'],
    ['2001:db8::1', 'https://[2001:db8::1]', 'https://[2001:db8::2]'],
    ['[2001:db8::1]', 'https://[2001:0db8:0:0::1]:6443', 'https://[2001:db8::2]'],
    ['[2001:db8::1]:6443', 'https://[2001:db8::1]:6443', 'https://[2001:db8::1]'],
    ['2001:db8::/32', 'https://[2001:db8:ffff::1]', 'https://[2001:db9::1]'],
    ['[fd00::]/8', 'https://[fdff::1]', 'https://[fe00::1]'],
    ['a.com,b.com', 'https://b.com', 'https://c.com'],
    [' a.com , b.com ', 'https://a.com', 'https://c.com'],
    ['a.com b.com', 'https://b.com', 'https://c.com'],
    // What nobody can mean exempts nothing else.
    ['10.0.0.0/33,,b.com', 'https://b.com', 'https://10.0.0.1'],
    ['10.0.0.0/8', 'https://10.0.0.1', 'https://10.example.com'],
  ])('with NO_PROXY=%s straight to %s and not to %s', (exceptions, straight, not) => {
    expect(through(exceptions, straight)).toBe(false)
    expect(through(exceptions, not)).toBe(true)
  })

  test.each(['https://example.com', 'http://10.0.0.1', 'https://[2001:db8::1]:1'])(
    'with NO_PROXY=* straight to %s',
    url => expect(through('*', url)).toBe(false),
  )

  test.each(['http://localhost:8080', 'https://127.0.0.1', 'https://127.9.9.9:1', 'http://[::1]:6443'])(
    'always straight to %s',
    url => expect(through('', url)).toBe(false),
  )

  test.each([
    ['https://a.com', { HTTPS_PROXY: px }, px],
    ['http://a.com', { HTTPS_PROXY: px }, undefined],
    ['http://a.com', { HTTP_PROXY: px }, px],
    ['https://a.com', { HTTP_PROXY: px }, undefined],
    ['wss://a.com', { HTTPS_PROXY: px }, px],
    ['https://a.com', { ALL_PROXY: px }, undefined],
    ['https://a.com', { HTTPS_PROXY: '' }, undefined],
    ['https://a.com', { HTTPS_PROXY: 'http://upper:1', https_proxy: px }, px],
    ['https://a.com', { HTTPS_PROXY: px, https_proxy: '' }, px],
    ['https://a.com', { HTTPS_PROXY: px, NO_PROXY: 'a.com', no_proxy: 'b.com' }, px],
    ['https://a.com', { HTTPS_PROXY: px, no_proxy: 'a.com', NO_PROXY: 'b.com' }, undefined],
    ['https://a.com', { HTTPS_PROXY: 'px:3128' }, px],
    ['https://a.com', { HTTPS_PROXY: ' https://px ' }, 'https://px'],
  ])('to %s with %j through %s', (url, env, expected) => {
    expect(proxyFor(env, url)?.url).toBe(expected)
  })
})

describe('a proxy', () => {
  test('is named by its variable, and shown without its credentials', () => {
    expect(proxyFor({ https_proxy: 'http://me:s%40crt@px:3128/' }, 'https://a.com')).toMatchObject({
      shown: px,
      named: 'https_proxy',
    })
  })

  test.each([
    ['socks5://me:secret@px:1080', 'HTTPS_PROXY names a proxy of the kind socks5://'],
    ['http://me:se#cret@px:3128', 'HTTPS_PROXY is not the address of a proxy'],
    ['http://me:sec%ret@px:3128', 'HTTPS_PROXY is not the address of a proxy'],
    ['http://', 'HTTPS_PROXY is not the address of a proxy'],
  ])('that cannot be used (%s) is told without its credentials', (HTTPS_PROXY, words) => {
    const ask = () => proxyFor({ HTTPS_PROXY }, 'https://a.com')
    expect(ask).toThrow(words)
    expect(ask).not.toThrow(/secret|se#cret|sec%ret/)
  })

  test('keeps its password from every log, in each form that it takes', () => {
    expect(proxySecrets({ HTTPS_PROXY: 'http://me:s%40crt@px:3128', HTTP_PROXY: px })).toEqual([
      'me:s%40crt',
      'me:s@crt',
      's%40crt',
      's@crt',
      Buffer.from('me:s@crt').toString('base64'),
    ])
  })
})

describe('the variables of a child', () => {
  test('say in both cases what wins here', () => {
    const env = { HTTPS_PROXY: 'http://upper:1', https_proxy: 'px:3128', no_proxy: 'a.com' }
    expect(proxyVariables(env)).toEqual({
      HTTPS_PROXY: px,
      https_proxy: px,
      NO_PROXY: 'a.com',
      no_proxy: 'a.com',
    })
  })

  test('spell what is exempt as Go reads it', () => {
    const NO_PROXY = '[2001:db8::1] *.a.com  b.com:1, [2001:db8::2]:6443 [fd00::]/8 10.0.0.0/8 *'
    expect(proxyVariables({ NO_PROXY }).NO_PROXY).toBe(
      '2001:db8::1,.a.com,b.com:1,[2001:db8::2]:6443,fd00::/8,10.0.0.0/8,*',
    )
  })

  test('are none where there are none', () => expect(proxyVariables({ NO_PROXY: ' ' })).toEqual({}))
})
