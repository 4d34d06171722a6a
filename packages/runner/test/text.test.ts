import { parseWorkflowCommand } from '@meridian/lab-runner/workflow-commands'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defuse, formatDuration, markdown } from '../src/index.ts'
import { summaryFaults } from '../src/testing.ts'

describe('text from tools and servers', () => {
  test.each([
    ['::set-output name=x::y', '| ::set-output name=x::y'],
    ['ok\n  ::error::no', 'ok\n|   ::error::no'],
    ['##[command]x', '##[\\command]x'],
    ['it said ##[error]x and ##[error]y', 'it said ##[\\error]x and ##[\\error]y'],
    ['ok\r::error::no', 'ok\r| ::error::no'],
    ['\u0085::error::no', '| \u0085::error::no'],
    [':\u00ad:error::no', '| :\u00ad:error::no'],
    ['#\u200b#[error]no', '#\u200b#[\\error]no'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['time 12::30', 'time 12::30'],
  ])('%j cannot become a workflow command', (raw, shown) => expect(defuse(raw)).toBe(shown))

  test('is not read as a command by a runner, whatever it is', () => {
    const odd = fc.constantFrom(
      ':',
      '#',
      '[',
      ']',
      ' ',
      '\n',
      '\r',
      '\u0085',
      '\u200b',
      '\u00ad',
      '\u0001',
      'error',
      '%',
    )
    fc.assert(
      fc.property(
        fc.array(odd).map(parts => parts.join('')),
        text => {
          for (const line of defuse(text).split(/\r\n|\n|\r/))
            expect(parseWorkflowCommand(line)).toBeUndefined()
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('markdown', () => {
  test('escapes markup, HTML and cell borders', () => {
    expect(markdown.escapeText('a|b <b>*x*</b>\nc')).toBe('a\\|b &lt;b&gt;\\*x\\*&lt;/b&gt;<br>c')
  })

  test.each([
    ['- x', '\\- x'],
    ['12. x', '12\\. x'],
    ['see https://example.com', 'see https\\://example.com'],
    ['see www.example.com', 'see www\\.example.com'],
  ])('makes %j plain text', (raw, shown) => expect(markdown.escapeText(raw)).toBe(shown))

  test.each([
    ['a`b*c*[d](e)', 'a&#96;b&#42;c&#42;&#91;d&#93;(e)'],
    ['<b>|&', '&#60;b&#62;&#124;&#38;'],
    ['https://example.com', 'https&#58;//example.com'],
    ['usa.k8s.example.com', 'usa.k8s.example.com'],
  ])('makes %j code without markup in it', (raw, shown) =>
    expect(markdown.code(raw)).toBe(`<code>${shown}</code>`),
  )

  test('makes a fence longer than any run of backticks inside', () => {
    expect(markdown.fence('```\nx\n```')).toBe('````\n```\nx\n```\n````\n')
  })

  test('writes a table', () =>
    expect(markdown.table(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |\n'))
})

test.each([
  [0, '0s'],
  [45_000, '45s'],
  [90_000, '1m 30s'],
  [720_000, '12m'],
  [3_585_000, '1h'],
  [3_600_000, '1h'],
  [3_900_000, '1h 5m'],
  [7_190_000, '2h'],
])('%i ms is said as %s', (milliseconds, said) => expect(formatDuration(milliseconds)).toBe(said))

describe('a summary', () => {
  test('is icon and title, a first line, tables, and what next', () => {
    const text = markdown.report({
      outcome: 'done',
      title: 'Cluster usa',
      line: 'It is there.',
      body: [markdown.table(['What'], [['it']]), '', markdown.list('To know', ['one', 'two'])],
      next: 'nothing.',
    })
    expect(text).toBe(
      [
        '### ✅ Cluster usa',
        'It is there.',
        '| What |\n| --- |\n| it |',
        '**To know**',
        '- one\n- two',
        '**What next:** nothing.\n',
      ].join('\n\n'),
    )
    expect(summaryFaults(text)).toEqual([])
  })

  test('has parts in the same shape, which begin on a line of their own', () => {
    expect(markdown.part({ outcome: 'attention', title: 'Pages' })).toBe('\n#### ⚠️ Pages\n')
  })

  test.each([
    ['list', markdown.list('a', [])],
    ['table', markdown.titledTable('a', ['B'], [])],
  ])('has no title of an empty %s', (_, text) => {
    expect(text).toBe('')
  })

  test('may have what looks like a title in a block of code', () => {
    expect(summaryFaults(`### ✅ a\n\n${markdown.fence('# 1 more\nb: c', 'yaml')}`)).toEqual([])
  })

  const long = `<code>${'a'.repeat(31)}</code>`
  test.each([
    ['Done', ["it begins with 'Done' and not with its title"]],
    ['### Done\n', ["the title '### Done' has no icon"]],
    ['### ✅ a\n\n#### b\n', ["the title '#### b' has no icon"]],
    ['### ✅ a\n\n|  |\n| --- |\n', ["a column has the name ''"]],
    ['### ✅ a\n\n| state |\n| --- |\n', ["a column has the name 'state'"]],
    [
      `### ✅ a\n\n| ${Array(8).fill('A').join(' | ')} |\n|${' --- |'.repeat(8)}\n`,
      ['a table has 8 columns'],
    ],
    ['### ✅ a\n\n**What next:** b\n\nc\n\n#### ✅ d\n', ["'c' stands after what next"]],
    [`### ✅ a\n\n${long} ${long}\n`, [`'${'a'.repeat(31)}' stands there twice`]],
  ])('%j does not speak the language of summaries', (text, expected) => {
    expect(summaryFaults(text)).toEqual(expected)
  })
})
