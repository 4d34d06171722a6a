import { describe, expect, test } from 'vitest'
import { defuse, formatDuration, markdown } from '../src/index.ts'

describe('text from tools and servers', () => {
  test.each([
    ['::set-output name=x::y', '| ::set-output name=x::y'],
    ['ok\n  ::error::no', 'ok\n|   ::error::no'],
    ['##[command]x', '| ##[command]x'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['time 12::30', 'time 12::30'],
  ])('%j cannot become a workflow command', (raw, shown) => expect(defuse(raw)).toBe(shown))
})

describe('markdown', () => {
  test('escapes markup, HTML and cell borders', () => {
    expect(markdown.escapeText('a|b <b>*x*</b>\nc')).toBe('a\\|b &lt;b&gt;\\*x\\*&lt;/b&gt;<br>c')
  })

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
