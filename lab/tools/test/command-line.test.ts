import { describe, expect, test } from 'vitest'
import type { Command } from '../command.ts'
import { noArguments, parseCommandLine } from '../command-line.ts'
import { parseDuration } from '../flags.ts'

const tool: Command<void> = {
  name: 'tool',
  about: 'A tool.',
  persistent: [{ name: 'state', kind: 'text', usage: 'where' }],
  commands: [
    {
      name: 'make',
      about: 'Makes.',
      commands: [
        {
          name: 'thing',
          aliases: ['things'],
          operands: '[NAME]',
          about: 'Makes a thing.',
          flags: [
            { name: 'admin', kind: 'duration', bare: '18h0m0s', usage: 'lifetime' },
            { name: 'yes', short: 'y', kind: 'flag', usage: 'really' },
            { name: 'output', short: 'o', kind: 'text', default: 'table', usage: 'format' },
            { name: 'zones', kind: 'list', usage: 'zones' },
            { name: 'set', kind: 'lines', usage: 'values' },
            { name: 'count', kind: 'number', default: '3', usage: 'how many' },
            { name: 'old', kind: 'text', usage: '', deprecated: 'use --new instead' },
          ],
          run: async () => {},
        },
      ],
    },
    { name: 'version', about: 'Tells.', check: noArguments('tool version'), run: async () => {} },
  ],
}

const parse = (line: string) => parseCommandLine(tool, line.split(' '), {})

function call(line: string) {
  const parsed = parse(line)
  if (parsed.kind !== 'run') throw new Error(JSON.stringify(parsed))
  return { ...parsed.call, notices: parsed.notices }
}

describe('flags', () => {
  test('are read attached or as the next word, before or after the command', () => {
    for (const line of ['--state=a make thing x', '--state a make thing x', 'make thing x --state a']) {
      const { args, flags } = call(line)
      expect([args, flags.text('state')]).toEqual([['x'], 'a'])
    }
  })

  test('take their default when they are not given', () => {
    const { flags } = call('make thing')
    expect([flags.text('output'), flags.number('count'), flags.on('yes'), flags.list('zones')]).toEqual([
      'table',
      3,
      false,
      [],
    ])
  })

  test('split lists at commas, but not values that are set', () => {
    const { flags } = call('make thing --zones=a,b --zones=c --set=x=1,2')
    expect([flags.list('zones'), flags.list('set')]).toEqual([['a', 'b', 'c'], ['x=1,2']])
  })

  test('with a value of their own when bare leave the next word alone', () => {
    const { args, flags } = call('make thing --admin 4h')
    expect([args, flags.duration('admin')]).toEqual([['4h'], 18 * 3_600_000])
    expect(call('make thing --admin=4h').flags.duration('admin')).toBe(4 * 3_600_000)
  })

  test('have short forms, alone, together and with their value', () => {
    for (const line of [
      'make thing -y -o json',
      'make thing -yo json',
      'make thing -yojson',
      'make thing -y -o=json',
    ]) {
      const { flags } = call(line)
      expect([flags.on('yes'), flags.text('output')]).toEqual([true, 'json'])
    }
  })

  test('that are deprecated still work, with a notice', () => {
    const { flags, notices } = call('make thing --old=x')
    expect([flags.text('old'), notices]).toEqual(['x', ['Flag --old has been deprecated, use --new instead']])
  })
})

describe('complaints', () => {
  test.each([
    ['make thing --bogus', 'unknown flag: --bogus'],
    ['make thing -z', "unknown shorthand flag: 'z' in -z"],
    ['make thing --output', 'flag needs an argument: --output'],
    ['make thing -o', "flag needs an argument: 'o' in -o"],
    ['make thing --=x', 'bad flag syntax: --=x'],
    [
      'make thing --count=x',
      'invalid argument "x" for "--count" flag: strconv.ParseInt: parsing "x": invalid syntax',
    ],
    [
      'make thing --yes=maybe',
      'invalid argument "maybe" for "-y, --yes" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    ['make thing --admin=4', 'invalid argument "4" for "--admin" flag: time: missing unit in duration "4"'],
    ['destroy', 'unknown command "destroy" for "tool"'],
    ['version now', 'unknown command "now" for "tool version"'],
  ])('%s', (line, message) => {
    expect(parse(line)).toMatchObject({ kind: 'wrong', message })
  })

  test('about a flag show how the command is used', () => {
    const parsed = parse('make thing --bogus')
    expect(parsed.kind === 'wrong' && parsed.usage).toBe(`Usage:
  tool make thing [NAME] [flags]

Aliases:
  thing, things

Flags:
      --admin duration[=18h0m0s]   lifetime
      --count int                  how many (default 3)
  -h, --help                       help for thing
  -o, --output string              format (default "table")
      --set stringArray            values
  -y, --yes                        really
      --zones strings              zones

Global Flags:
      --state string   where
`)
  })
})

test.each([
  ['10m0s', 600_000],
  ['1h30m', 5_400_000],
  ['1.5s', 1500],
  ['0', 0],
  ['-5s', -5000],
  ['5', undefined],
  ['5 m', undefined],
  ['', undefined],
])('the duration %j is %j milliseconds', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds)
})
