import { testJob } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { connectAws } from '../src/index.ts'

const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' }
const connect = (env: Record<string, string>, inputs = {}) => connectAws(testJob({ env }), inputs)

describe('credentials are refused where programs would choose differently among them', () => {
  test.each([
    ['a profile and keys', { AWS_PROFILE: 'a', ...keys }, /AWS_PROFILE and AWS_ACCESS_KEY_ID are both set/],
    [
      'a profile and a token file',
      { AWS_PROFILE: 'a', AWS_WEB_IDENTITY_TOKEN_FILE: '/token' },
      /AWS_PROFILE and AWS_WEB_IDENTITY_TOKEN_FILE are both set/,
    ],
    ['a profile by the name that only Go reads', { AWS_DEFAULT_PROFILE: 'a' }, /AWS_DEFAULT_PROFILE is set/],
  ])('%s', async (_, env, message) => {
    await expect(connect(env)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(message),
    })
  })

  test.each([
    ['keys alone', keys],
    ['keys beside a profile that is blank', { AWS_PROFILE: '', ...keys }],
    ['keys beside AWS_DEFAULT_PROFILE', { AWS_DEFAULT_PROFILE: 'a', ...keys }],
    ['a profile by both names', { AWS_PROFILE: 'a', AWS_DEFAULT_PROFILE: 'b' }],
  ])('but not %s', async (_, env) => {
    await expect(connect(env)).resolves.toHaveProperty('account')
  })

  test('nor where a role is to be assumed, which none of them decides', async () => {
    const roleToAssume = 'arn:aws:iam::111122223333:role/deploy'
    await expect(connect({ AWS_PROFILE: 'a', ...keys }, { roleToAssume })).resolves.toHaveProperty('account')
  })
})
