import { describe, expect, test } from 'vitest'
import { parseFileCommands, parsePathFile } from '../file-commands.ts'
import { createMasks } from '../masks.ts'
import { createCommandReader, parseWorkflowCommand } from '../workflow-commands.ts'

describe('environment files', () => {
  test.each([
    ['a=b', { a: 'b' }],
    ['a=b=c\n', { a: 'b=c' }],
    ['a=1\r\na=2\r\n', { a: '2' }],
    ['a<<END\none\n\ntwo\nEND\nb=3', { a: 'one\n\ntwo', b: '3' }],
    ['a=x<<y', { a: 'x<<y' }],
    ['a<<END\nEND', { a: '' }],
    ['', {}],
  ])('%j is %j', (content, values) => {
    expect(parseFileCommands(content)).toEqual(values)
  })

  test.each([
    ['a<<END\nx', "Invalid value. Matching delimiter not found 'END'"],
    ['nonsense', "Invalid format 'nonsense'"],
    ['=x', "Invalid format '=x'. Name must not be empty"],
    ['a<<\nx', "Invalid format 'a<<'. Name must not be empty and delimiter must not be empty"],
  ])('%j is refused', (content, message) => {
    expect(() => parseFileCommands(content)).toThrow(message)
  })

  test('later paths are searched first', () => {
    expect(parsePathFile('/a\n/b\n')).toEqual(['/b', '/a'])
  })
})

describe('workflow commands', () => {
  test.each([
    ['plain text', undefined],
    ['a::b::c', undefined],
    [
      '::warning file=a%3Ab.ts,line=3::50%25 done',
      { name: 'warning', properties: { file: 'a:b.ts', line: '3' }, data: '50% done' },
    ],
    ['::group::Title: more', { name: 'group', properties: {}, data: 'Title: more' }],
    ['::no-command::x', undefined],
    ['\u0085 ::error::x', { name: 'error', properties: {}, data: 'x' }],
    ['\u00ad::error::x', { name: 'error', properties: {}, data: 'x' }],
    ['said ##[error]x', { name: 'error', properties: {}, data: 'x' }],
    [
      'said ##[warning file=a%3Bb.ts;line=3]50%25 %5D',
      { name: 'warning', properties: { file: 'a;b.ts', line: '3' }, data: '50% ]' },
    ],
    ['##[no-command]x ##[error]y', undefined],
    ['##[error', undefined],
  ])('%j', (line, command) => {
    expect(parseWorkflowCommand(line)).toEqual(command)
  })

  test('are plain text between stop-commands and its token', () => {
    const masks: string[] = []
    const read = createCommandReader({ mask: value => masks.push(value), annotate() {} })
    for (const line of ['::stop-commands::t0k', '::add-mask::inside', '::t0k::', '::add-mask::after'])
      read(line)
    expect(masks).toEqual(['after'])
  })

  test('that GitHub has switched off are errors', () => {
    const said: string[] = []
    createCommandReader({ mask() {}, annotate: note => said.push(`${note.level}: ${note.message}`) })(
      '::set-output name=a::b',
    )
    expect(said[0]).toMatch(/^error: The `set-output` command is disabled/)
  })
})

describe('masks', () => {
  test('hide each line of a value of several lines', () => {
    const masks = createMasks(['first\nsecond'])
    expect(masks.hide('the second one, and first')).toBe('the *** one, and ***')
  })

  test('hide the longest value first', () => {
    expect(createMasks(['abc', 'abcdef']).hide('abcdef')).toBe('***')
  })
})
