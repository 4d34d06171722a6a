import { UserError } from '@meridian/runner'
import { describe, expect, test } from 'vitest'
import {
  errorCode,
  explainAws,
  isAccessDenied,
  isConflict,
  isNotFound,
  isThrottling,
  isUnreachable,
} from '../../src/index.ts'

const answer = (name: string, status = 400, message = name) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } })

describe('classes of errors', () => {
  test.each([
    [isNotFound, answer('NoSuchBucket', 404)],
    [isNotFound, answer('NoSuchTagSet', 404)],
    [isNotFound, answer('ServerSideEncryptionConfigurationNotFoundError', 404)],
    [isNotFound, answer('InvalidDhcpOptionsID.NotFound')],
    [isAccessDenied, answer('AccessDenied', 403)],
    [isAccessDenied, answer('UnauthorizedOperation', 403)],
    [isAccessDenied, answer('Forbidden', 403)],
    [isThrottling, answer('Throttling')],
    [isThrottling, answer('PriorRequestNotComplete')],
    [isThrottling, answer('SlowDown', 503)],
    [isConflict, answer('OperationAborted', 409)],
    [isUnreachable, Object.assign(new Error('x'), { code: 'ECONNRESET' })],
    [isUnreachable, Object.assign(new Error('x'), { code: 'EHOSTUNREACH' })],
  ])('%o knows %o', (is, error) => expect(is(error)).toBe(true))

  test('a 404 without a word of AWS’s is nobody’s: it proves no absence', () =>
    expect(isNotFound(answer('UnknownError', 404))).toBe(false))

  test('a key that is not there says nothing of what it has encrypted', () => {
    const error = answer('KMS.NotFoundException', 400, "Key 'k' does not exist")
    expect(isNotFound(error)).toBe(false)
    expect(explainAws(error, 's3 GetObject')?.message).toContain(
      "the key of the bucket for s3 GetObject: Key 'k'",
    )
  })

  test('expired credentials are not a missing permission', () =>
    expect(isAccessDenied(answer('ExpiredToken', 403))).toBe(false))

  test('an explained error keeps its class', () => {
    const explained = explainAws(answer('AccessDenied', 403), 'x', 's3:ListBucket')
    expect([isAccessDenied(explained), errorCode(explained)]).toEqual([true, 'AccessDenied'])
  })

  test('anything may be asked about', () =>
    expect([errorCode(undefined), errorCode('x'), isNotFound(null)]).toEqual(['', '', false]))
})

describe('explanations', () => {
  test('the permission that AWS names is named', () => {
    const error = answer(
      'AccessDenied',
      403,
      'User: arn:aws:iam::1:user/x is not authorized to perform: route53:ListHostedZones on resource: *',
    )
    expect(explainAws(error, 'finding the zone')).toMatchObject({
      message: 'AWS refused finding the zone: the permission route53:ListHostedZones is missing',
      fix: expect.stringContaining('Allow route53:ListHostedZones'),
    })
  })

  test('where AWS names none, the caller does', () => {
    expect(explainAws(answer('Forbidden', 403, 'Forbidden'), 'reading', 's3:ListBucket')?.message).toBe(
      'AWS refused reading: the permission s3:ListBucket is missing',
    )
  })

  test('missing credentials have advice', () => {
    const error = Object.assign(new Error('Could not load credentials from any providers'), {
      name: 'CredentialsProviderError',
    })
    expect(explainAws(error, 'reading')?.fix).toContain('role-to-assume')
  })

  test('expired credentials have advice', () =>
    expect(explainAws(answer('ExpiredToken', 403), 'reading')?.message).toContain('expired'))

  test('a HEAD request that is refused without words is most often one with expired credentials', () =>
    expect(explainAws(answer('Unknown', 400, 'UnknownError'), 'reading')?.message).toContain('expired'))

  test.each([
    ['InvalidClientTokenId', 'AWS does not accept the credentials'],
    ['RequestTimeTooSkewed', 'the clock of this machine is wrong'],
  ])('%s is not a missing permission', (code, message) => {
    expect(explainAws(answer(code, 403), 'reading')?.message).toContain(message)
  })

  test('what was explained already stays', () => {
    const error = new UserError('x', { fix: 'y' })
    expect(explainAws(error, 'reading')).toBe(error)
  })

  test('other errors are not explained', () =>
    expect(explainAws(answer('InternalError', 500), 'reading')).toBeUndefined())
})

test('the documented body of a refused batch has no code, and is known by its messages', () => {
  const read = Object.assign(new Error('UnknownError'), {
    name: 'Unknown',
    Messages: { Message: ['a', 'b'] },
    $metadata: { httpStatusCode: 400 },
  })
  expect(errorCode(read)).toBe('InvalidChangeBatch')
  expect(explainAws(read, 'changing')).toBeUndefined()
})
