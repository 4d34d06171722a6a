import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod/mini'
import {
  cidr,
  defineInputs,
  duration,
  flag,
  integer,
  label,
  list,
  oneOf,
  optional,
  path,
  required,
  secret,
  text,
  UserError,
  waitingTime,
  yamlOf,
} from '../../src/index.ts'

const read = defineInputs(
  {
    name: required(label(15)),
    'node-count': required(integer(1, 10)),
    'dry-run': optional(flag),
    size: optional(text),
  },
  inputs =>
    inputs.nodeCount > 5 && inputs.dryRun
      ? [{ input: 'node-count', message: 'is too much for a dry run' }]
      : [],
)

function problemOf(env: Record<string, string>): UserError {
  try {
    read(env)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('the inputs were accepted')
}

describe('defineInputs', () => {
  test('reads kebab-case inputs into one frozen camelCase object', () => {
    const inputs = read({ INPUT_NAME: 'usa', 'INPUT_NODE-COUNT': ' 3 ', 'INPUT_DRY-RUN': 'true' })
    expect(inputs).toEqual({ name: 'usa', nodeCount: 3, dryRun: true, size: undefined })
    expect(Object.isFrozen(inputs)).toBe(true)
  })

  test('reports every problem at once, each with its input, value and what is allowed', () => {
    const { message, fix } = problemOf({ INPUT_NAME: '--evil', 'INPUT_NODE-COUNT': '99' })
    expect(message).toBe(
      "2 inputs are not valid:\n- name: '--evil' must be a label of at most 15 characters: a–z, 0–9 and '-', starting and ending with a letter or digit\n" +
        "- node-count: '99' must be a whole number from 1 to 10",
    )
    expect(fix).toContain('Nothing has been changed')
  })

  test('says that a required input is missing', () => {
    expect(problemOf({ 'INPUT_NODE-COUNT': '1' }).message).toBe(
      'input name: is required, but it was not given',
    )
  })

  test('looks at inputs together only when each is valid alone', () => {
    expect(
      problemOf({ INPUT_NAME: 'usa', 'INPUT_NODE-COUNT': '9', 'INPUT_DRY-RUN': 'true' }).message,
    ).toContain('too much')
  })
})

describe('parsers', () => {
  test.each([
    ['45s', 45_000],
    ['30m', 1_800_000],
    ['1h30m', 5_400_000],
  ])('duration reads %s', (raw, milliseconds) => expect(duration(raw)).toBe(milliseconds))

  test.each(['', '5', 'm', '0s', '-5m', '5 m', '1d'])('duration refuses %j', raw =>
    expect(() => duration(raw)).toThrow(),
  )

  test.each([
    ['480h', 1_728_000_000],
    ['600h', 'must be at most 480h'],
  ])('waitingTime takes what a timer can hold: %s', (raw, expected) => {
    if (typeof expected === 'number') expect(waitingTime(raw)).toBe(expected)
    else expect(() => waitingTime(raw)).toThrow(expected)
  })

  test.each([
    ['203.0.113.0/24', '203.0.113.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['::/0', '::/0'],
  ])('cidr reads %s', (raw, expected) => expect(cidr(raw)).toBe(expected))

  test.each([
    ['203.0.113.5/24', "'203.0.113.0/24'"],
    ['2001:db8::1/64', "'2001:db8::/64'"],
    ['203.0.113.0', 'must be a network'],
    ['203.0.113.0/33', 'must be a network'],
    ['256.0.0.0/8', 'must be a network'],
    ['10.0.0.0/', 'must be a network'],
    [':::/8', 'must be a network'],
    ['010.0.0.0/8', 'must be a network'],
  ])('cidr refuses %s', (raw, message) => expect(() => cidr(raw)).toThrow(message))

  test('list drops empty parts and refuses an empty list', () => {
    expect(list(text)('a, b,\nc,')).toEqual(['a', 'b', 'c'])
    expect(() => list(text)(' , ')).toThrow('at least one')
  })

  test('list names the value that is wrong, if there are several', () => {
    expect(() => list(flag)('true, yes')).toThrow("has 'yes', which must be 'true' or 'false'")
    expect(() => list(flag)('yes')).toThrow(/^must be 'true'/)
  })

  test.each(['[a, b]', '- a\n- b'])('list is not written in YAML: %j', raw => {
    expect(() => list(text)(raw)).toThrow('without brackets or dashes')
  })

  test('oneOf names what is allowed', () =>
    expect(() => oneOf('plan', 'apply')('destroy')).toThrow('must be one of plan, apply'))

  test('path refuses what could be read as a flag', () =>
    expect(() => path('--server=https://evil')).toThrow("does not start with '-'"))

  test('text refuses control characters', () => expect(() => text('a\u0000b')).toThrow('control characters'))
})

describe('yamlOf', () => {
  const names = yamlOf(z.array(z.strictObject({ name: z.string() })))

  test('reads YAML and JSON alike', () => {
    expect(names('- name: usa')).toEqual([{ name: 'usa' }])
    expect(names('[{"name":"usa"}]')).toEqual([{ name: 'usa' }])
  })

  const anything = yamlOf(z.unknown())

  test('JSON, in one line or in many, says what it says as YAML', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), value => {
        for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)])
          expect(anything(text)).toEqual(parse(text))
      }),
      { numRuns: 200 },
    )
  })

  test.each(['{"a":1,"a":2}', '[{"a":1,"b":{"c":1,"c":2}}]'])('refuses a key that is there twice: %s', raw =>
    expect(() => anything(raw)).toThrow('must be YAML or JSON: Map keys must be unique'),
  )

  const odd = yamlOf(
    z
      .array(
        z.strictObject({
          name: z.string().check(z.minLength(2)),
          size: z.optional(z.union([z.string(), z.array(z.string())])),
          kind: z.optional(z.enum(['a', 'b'])),
          count: z.optional(z.number().check(z.lte(5))),
        }),
      )
      .check(z.minLength(1)),
  )

  test.each([
    ['name: usa', 'must be a list, not a map of fields'],
    ['x', 'must be a list, not text'],
    ['[]', 'must have at least 1 entry'],
    ['- name: 3', '[0].name: must be text, not the number 3'],
    ['- name:', '[0].name: must be text, not empty'],
    ['- kind: a', '[0].name: is missing: it must be text'],
    ['- name: x', '[0].name: must have at least 2 characters'],
    ['- {name: usa, zone: x}', "[0]: has no field 'zone', only name, size, kind, count"],
    ['- {name: usa, kind: c}', '[0].kind: must be one of a, b'],
    ['- {name: usa, size: 3}', '[0].size: must be text or a list'],
    ['- {name: usa, count: 6}', '[0].count: must be at most 5'],
  ])('says where a value is wrong, and how: %s', (raw, message) => expect(() => odd(raw)).toThrow(message))

  test('refuses an alias bomb', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]',
      'c: [*b,*b,*b,*b,*b,*b,*b,*b,*b]',
    ].join('\n')
    expect(() => names(bomb)).toThrow('must be YAML or JSON')
  })

  test('refuses a nest that would overflow the stack', () => {
    expect(() => names('['.repeat(50_000))).toThrow('must be YAML or JSON')
  })
})

test('what is wrong with a secret input is said without any of it', () => {
  const readSecret = defineInputs({ token: secret(required(label(3))) })
  const read = () => readSecret({ INPUT_TOKEN: 'hush-hush' })
  expect(read).toThrow('token: must be a label')
  expect(read).not.toThrow('hush')
})
