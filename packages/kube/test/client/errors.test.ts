import { namedProxy } from '@meridian/runner'
import { describe, expect, test } from 'vitest'
import { errorOfAnswer, errorOfFailure } from '../../src/client/errors.ts'
import { isConflict, isForeignAnswer, isNotFound, isUnreachable, isUntrusted } from '../../src/index.ts'

describe('the error of an answer', () => {
  test("has Kubernetes' own words, reason and causes", () => {
    const body = {
      kind: 'Status',
      message: 'Apply failed',
      reason: 'Conflict',
      details: { causes: [{ field: '.spec.replicas' }] },
    }
    const error = errorOfAnswer('https://a', 'PATCH https://a/x', 409, body)
    expect(error.message).toBe('PATCH https://a/x: Apply failed')
    expect(isConflict(error)).toBe(true)
    expect(error.causes).toEqual([{ field: '.spec.replicas' }])
  })

  test('has the status where its Status says nothing', () => {
    const error = errorOfAnswer('https://a', 'GET https://a/x', 404, { kind: 'Status' })
    expect(error.message).toBe('GET https://a/x: the server answered 404')
    expect(isNotFound(error)).toBe(true)
  })

  test.each([401, 403, 404, 409, 410])('that is no Status is not believed to be %i', status => {
    const error = errorOfAnswer('https://a', 'GET https://a/x', status, '<html>')
    expect(error.message).toBe(`GET https://a/x was answered ${status} by something that is not Kubernetes`)
    expect([isNotFound(error), isConflict(error), isForeignAnswer(error)]).toEqual([false, false, true])
  })

  test('has no more than the start of a page that is no JSON', () => {
    expect(errorOfAnswer('s', 'GET', 502, 'x'.repeat(9999)).message.length).toBeLessThan(400)
  })
})

describe('the error of a request without answer', () => {
  const proxy = namedProxy('http://user:pass@px:3128', 'HTTPS_PROXY')
  const failure = (code: string, message = code) =>
    errorOfFailure({ server: 'https://a', proxy }, 'GET', Object.assign(new Error(message), { code }))

  test.each([
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'CERT_HAS_EXPIRED',
  ])('%s tells that the server is not trusted', code => {
    expect(isUntrusted(failure(code))).toBe(true)
    expect(isUnreachable(failure(code))).toBe(false)
  })

  test.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND'])('%s tells that it cannot be reached', code => {
    expect(isUnreachable(failure(code))).toBe(true)
  })

  test.each([
    [502, 'could not connect to a'],
    [403, 'does not let this runner through to a'],
    [407, 'lets nobody through to a without the right user and password'],
  ])('names the proxy that answered %i, and the server', (status, words) => {
    expect(failure('', `Bad response: ${status}`).message).toBe(
      `GET: the proxy http://px:3128 (HTTPS_PROXY) ${words} (${status})`,
    )
  })
})
