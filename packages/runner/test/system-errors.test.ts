import { expect, test } from 'vitest'
import { explainSystemError } from '../src/system-errors.ts'

const failure = (code: string, message = code) => Object.assign(new Error(message), { code })

test.each([
  ['ENOSPC', /disk of the runner is full/, /Free space/],
  ['EROFS', /does not let the action write/, /RUNNER_TOOL_CACHE/],
  ['EMFILE', /open files/, /ulimit -n/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /not signed by anybody/, /NODE_EXTRA_CA_CERTS/],
  ['SELF_SIGNED_CERT_IN_CHAIN', /not signed by anybody/, /NODE_EXTRA_CA_CERTS/],
  ['CERT_HAS_EXPIRED', /not valid today/, /date -u/],
  ['ENOTFOUND', /does not reach/, /HTTPS_PROXY/],
])('%s is told with its remedy', (code, what, fix) => {
  const known = explainSystemError(new Error('fetch failed', { cause: failure(code, `${code}: x`) }))
  expect(known?.what).toMatch(what)
  expect(known?.what).toContain(`${code}: x`)
  expect(known?.fix).toMatch(fix)
})

test('what the system does not name is not explained', () =>
  expect(explainSystemError(failure('E_OTHER'))).toBeUndefined())
