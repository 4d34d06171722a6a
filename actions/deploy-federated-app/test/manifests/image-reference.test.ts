import { expect, test } from 'vitest'
import { imageName, isImage } from '../../src/manifests/image-reference.ts'

const hex = (digits: number) => 'a1'.repeat(digits / 2)

// The verdicts of distribution/reference 0.6.0 (ParseNormalizedNamed).
test.each([
  ...[
    'web',
    'web:1',
    'web:1.2.3-rc_1',
    '1',
    'docker.io/1',
    'a_b',
    'a__b',
    'a--b',
    'a_b/x',
    'a.b_c/x',
    'a_b.c/x',
  ],
  ...[
    'ghcr.io/me/web:1.2.3',
    'ghcr.io:443/x',
    'localhost/web',
    'localhost:5000/web:1',
    'Foo/bar',
    'FOO/bar/baz',
  ],
  ...['[::1]/web', '[::1]:5000/web', `web:1@sha256:${hex(64)}`, `web@sha256:${hex(64)}`],
  ...[`web@sha384:${hex(96)}`, `web@sha512:${hex(128)}`, `x:${'t'.repeat(128)}`],
])('%s is an image', text => expect(isImage(text)).toBe(true))

test.each([
  ...[
    '',
    'Web:1',
    'web:',
    'web:-1',
    'web/',
    '/web',
    'a//b',
    'ghcr.io/me/Web',
    'A_b/x',
    'a___b',
    'a.-b',
    'a..b',
  ],
  ...[
    '-a',
    'a-',
    '_a',
    'https://ghcr.io/x',
    'ghcr.io:/x',
    'registry.example.com.:5000/web',
    'web 1',
    'web:1 ',
  ],
  ...['$IMAGE', '<image>', 'web@sha256:abc', `web@sha256:${hex(64).toUpperCase()}`, `web@sha512:${hex(64)}`],
  ...[`web@md5:${hex(32)}`, `web@foo+bar:${hex(40)}`, `web@sha256:${hex(64)}:1`, `x:${'t'.repeat(129)}`],
  ...[hex(64), 'a'.repeat(256)],
])('%j is none', text => expect(isImage(text)).toBe(false))

// The reference parser takes them for an image called sha256.
test.each(['sha256:abc', `sha256:${hex(64)}`, `sha512:${hex(128)}`])('%s is a digest without a name', text =>
  expect(isImage(text)).toBe(false),
)

test('a long text that is almost an image is told in no time', () => {
  expect(isImage(`${'a-'.repeat(50_000)}!`)).toBe(false)
  expect(isImage(`${'a/'.repeat(50_000)}!`)).toBe(false)
})

test.each([
  ['ghcr.io/me/web:1.2', 'ghcr.io/me/web'],
  [`localhost:5000/web@sha256:${hex(64)}`, 'localhost:5000/web'],
  ['localhost:5000/web', 'localhost:5000/web'],
])('%s is named %s', (text, name) => expect(imageName(text)).toBe(name))
