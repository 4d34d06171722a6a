import { describe, expect, test } from 'vitest'
import { expandPattern } from '../expand-pattern.ts'
import { renderCosts } from '../render-costs.ts'
import { renderCodes, renderKnownFailures } from '../render-failures.ts'

describe('what a pattern looks for', () => {
  test.each([
    [/one|two/, ['one', 'two']],
    [/(Vpc|Address)\w*LimitExceeded/, ['Vpc…LimitExceeded', 'Address…LimitExceeded']],
    [/nodePort \d+ exists/, ['nodePort N exists']],
    [
      /image (id )?.* (?:not found|gone)/,
      ['image … not found', 'image … gone', 'image id … not found', 'image id … gone'],
    ],
    [/^(ENOSPC|EDQUOT)$/, ['ENOSPC', 'EDQUOT']],
    [/at 'a\.\S+' failed/, ["at 'a.…' failed"]],
    [/(?<!\d)StatusCode: 50[0-9](?!\d)/, ['StatusCode: 50N']],
    [/Image|image/, ['Image']],
  ])('%s', (pattern, texts) => expect(expandPattern(pattern.source)).toEqual(texts))

  test('is refused where it is too much to read', () =>
    expect(() => expandPattern('(a|b|c|d|e)(a|b|c|d|e)')).toThrow('stands for 25 texts'))
})

test('failures are rows with all their texts', () => {
  const failure = { pattern: /a \| b|c/, category: 'quota', advice: 'Ask.\nWait | run.', retryable: false }
  expect(renderKnownFailures([failure])).toBe(
    '| It says | Kind | What to do |\n| --- | --- | --- |\n| `a \\| b`<br>`c` | quota | Ask. Wait \\| run. |\n',
  )
  expect(renderCodes([{ codes: ['EX'], what: 'it broke', fix: 'Mend it.' }])).toContain(
    '| `EX` | it broke | Mend it. |',
  )
})

describe('the costs of a federation', () => {
  const cells = (regions: string[]) =>
    renderCosts(regions)
      .split('\n')
      .filter(line => /^\| (?!---|What)/.test(line))
      .map(line => line.split('|').map(cell => cell.replaceAll('*', '').trim()))

  test('add up', () => {
    const rows = cells(['us-east-1', 'eu-west-1'])
    const [, , , hour, month] = rows.at(-1) ?? []
    const sum = rows.slice(0, -1).reduce((total, row) => total + Number(row[3]), 0)
    expect(Math.abs(sum - Number(hour))).toBeLessThan(0.01)
    expect(Math.abs(Number(hour) * 730 - Number(month))).toBeLessThan(5)
  })

  test('count two machines for each cluster, and the federation once', () => {
    const counts = cells(['us-east-1', 'eu-west-1', 'eu-west-2']).map(row => row[2])
    expect(counts).toEqual(['6', '696', '3', '9', '4', '4', '5', ''])
  })

  test('are told only where there is a price', () =>
    expect(() => renderCosts(['mars-1'])).toThrow('no t3.medium in mars-1'))
})
