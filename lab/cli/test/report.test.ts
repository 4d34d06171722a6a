import { describe, expect, test } from 'vitest'
import { html } from '../report/html.ts'
import { stepPath } from '../report/inventory-chart.ts'
import { renderPage } from '../report/page.ts'
import { ticks } from '../report/timeline.ts'
import { sampleReport } from './sample-report.ts'

const count = (text: string, part: string): number => text.split(part).length - 1

describe('the page', () => {
  const page = renderPage(sampleReport)

  test('asks nothing of the network', () => {
    expect(page).not.toMatch(/<(script|link|img|iframe)|url\(|@import|https?:\/\//)
  })

  test('draws a line from every city to its region, and every cluster', () => {
    expect(count(page, 'class="way"')).toBe(12)
    expect(count(page, 'class="cluster"')).toBe(3)
  })

  test('shows the spread and that nothing is left', () => {
    expect(page).toContain('<b>2 / 2 / 2</b>')
    expect(page).toContain('<strong class="good">0</strong> things are left')
  })

  test('has a bar for every job and for each of its steps', () => {
    expect(count(page, '<b class="bar success"')).toBe(7 * 4)
  })

  test('escapes whatever comes out of a run', () => {
    const evil = '<script>alert(1)</script>'
    const hostile = renderPage({
      ...sampleReport,
      ok: false,
      problems: [evil],
      clusters: [{ name: evil, region: evil, ready: true, nodes: 2 }],
    })
    expect(hostile).not.toContain('<script>')
  })

  test('lists what is left with its cost', () => {
    const left = [{ type: 'volume', id: 'vol-1', region: 'us-east-1', hourlyCost: 0.0022 }]
    expect(renderPage({ ...sampleReport, left })).toContain('<code>vol-1</code>')
  })

  test('shows a city without an answer as wrong and draws it without a line', () => {
    const verification = [{ city: 'Tokyo', region: '', target: '', expected: 'ap-northeast-1', ok: false }]
    const wrong = renderPage({ ...sampleReport, dns: { ...sampleReport.dns, verification } })
    expect(wrong).toContain('no answer')
    expect(count(wrong, 'class="way"')).toBe(0)
  })

  test('can be drawn for a run that built nothing', () => {
    const dns = { fqdn: '', zoneId: '', records: [], verification: [] }
    const empty = {
      ...sampleReport,
      ok: false,
      jobs: [],
      clusters: [],
      replicas: {},
      endpoints: [],
      dns,
      inventory: [],
      seconds: 0,
    }
    expect(renderPage(empty)).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('html', () => {
  test('escapes text and keeps markup, in lists too', () => {
    expect(html`<b title="${'"'}">${['<', html`<i>${1}</i>`]}</b>`.markup).toBe(
      '<b title="&#34;">&#60;<i>1</i></b>',
    )
  })
})

describe('charts', () => {
  test.each([
    [26.4, [0, 5, 10, 15, 20, 25]],
    [3, [0, 1, 2, 3]],
    [90, [0, 15, 30, 45, 60, 75, 90]],
  ])('put round ticks on an axis of %d seconds', (total, expected) => {
    expect(ticks(total)).toEqual(expected)
  })

  test('hold a value until the next point', () => {
    const points = [
      { at: 1, value: 5 },
      { at: 2, value: 10 },
    ]
    expect(stepPath(points, 4, 10)).toBe('M0 100H250.0V50.0H500.0V0.0H1000')
  })
})
