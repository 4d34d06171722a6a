import { defineInputs } from '@meridian/runner'
import { expect, test } from 'vitest'
import { awsInputs } from '../../src/index.ts'

const read = defineInputs(awsInputs)

test('nothing need be given', () => {
  expect(read({})).toEqual({
    roleToAssume: undefined,
    roleSessionDuration: undefined,
    expectedAccountId: undefined,
  })
})

test('a session is in milliseconds', () =>
  expect(read({ 'INPUT_ROLE-SESSION-DURATION': '1h' }).roleSessionDuration).toBe(3_600_000))

test.each([
  ['INPUT_ROLE-TO-ASSUME', 'deploy'],
  ['INPUT_ROLE-TO-ASSUME', '--evil'],
  ['INPUT_ROLE-SESSION-DURATION', '5m'],
  ['INPUT_ROLE-SESSION-DURATION', '13h'],
  ['INPUT_EXPECTED-ACCOUNT-ID', '1234'],
])('%s does not take %s', (name, value) => expect(() => read({ [name]: value })).toThrow(value))

test('an account whose zeros GitHub has dropped is told how to be written', () =>
  expect(() => read({ 'INPUT_EXPECTED-ACCOUNT-ID': '12345678901' })).toThrow(
    "write it in quotes: '012345678901'",
  ))
