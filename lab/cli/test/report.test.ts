import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { html } from '../report/html.ts'
import { stepPath } from '../report/inventory-chart.ts'
import { renderPage, sentence } from '../report/page.ts'
import { ticks } from '../report/timeline.ts'
import { sampleReport } from './sample-report.ts'

const count = (text: string, part: string): number => text.split(part).length - 1

describe('the page', () => {
  const page = renderPage(sampleReport)

  test('asks nothing of the network, and runs no script but its own', () => {
    expect(page).not.toMatch(/<(link|img|iframe)|<script.+src|url\(|@import|https?:\/\//)
    const [script] = /(?<=<script type="module">)[^<]*(?=<\/script>)/.exec(page) ?? []
    const hash = createHash('sha256')
      .update(script ?? '')
      .digest('base64')
    expect(page).toContain(
      `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`.replace(/'/g, '&#39;'),
    )
  })

  test('names the product and says what it is', () => {
    expect(page).toContain(`<strong>Meridian</strong> ${sentence}`)
  })

  test('names every city on the map', () => {
    const names = [...page.matchAll(/<text class="label"[^>]*>([^<]+)/g)].map(([, name]) => name)
    expect(names.toSorted()).toEqual(sampleReport.dns.verification.map(({ city }) => city).toSorted())
  })

  test('says beside the times of the lab what they are in the real world', () => {
    expect(page).toContain('after 26.4 s in the lab, which are about 12 min in the real world')
    expect(page).toContain('<em style="left:32.95%">8.6 s <small>')
  })

  test('holds the summary and the log of every step that has them', () => {
    expect(page).toContain('<h4>The federation</h4>')
    expect(page).toContain('<span class="line group">Making the federation\n</span>')
    expect(count(page, '<div class="summary">')).toBe(7)
    expect(count(page, 'Log, 3 lines')).toBe(7)
  })

  test('prints the ratio of Up to the critical path of its own waits', () => {
    expect(page).toContain(
      'Up took 19.2 s, 1.67 × the critical path of its own waits (11.5 s); in the real world, about 12 min, 1.01 ×.',
    )
  })

  test('shows the error first, with what to do about it, and opens the job', () => {
    const [first, ...others] = sampleReport.jobs
    const failures = [
      {
        workflow: 'Up',
        job: 'cluster usa',
        step: 'Run ./actions/some',
        message: 'No room',
        fix: 'Make some.',
      },
    ]
    const problems = ['Up: job cluster usa: failure', 'no city was asked for the name']
    const jobs = first ? [{ ...first, result: 'failure' as const }, ...others] : []
    const failed = renderPage({ ...sampleReport, ok: false, problems, failures, jobs })
    const at = (text: string) => failed.indexOf(text)
    expect(at('<p class="message">No room</p>')).toBeGreaterThan(at('<main'))
    expect(at('What to do:</b> Make some.')).toBeLessThan(at('<ul class="facts"'))
    expect(failed).not.toContain('Up: job cluster usa: failure')
    expect(at('<p class="message">no city was asked')).toBeLessThan(at('<ul class="facts"'))
    expect(failed).toContain('<details class="job" open>')
  })

  test('draws a line from every city to its region, and every cluster', () => {
    expect(count(page, 'class="way"')).toBe(12)
    expect(count(page, 'class="cluster"')).toBe(3)
  })

  test('shows the spread and that nothing is left', () => {
    expect(page).toContain('<b>2 / 2 / 2</b>')
    expect(page).toContain('<strong class="good">0</strong> things are left')
  })

  test('has a bar for every job and a line from each to the one that it waited for last', () => {
    expect(count(page, '<b class="bar success"')).toBe(7)
    expect(
      [...page.matchAll(/class="needs" style="left:[0-9.]+%;--rows:(\d)"/g)].map(([, rows]) => rows),
    ).toEqual(['1', '1', '1'])
  })

  test('escapes whatever comes out of a run', () => {
    const evil = '<script>alert(1)</script>'
    const hostile = renderPage({
      ...sampleReport,
      ok: false,
      problems: [evil],
      clusters: [{ name: evil, region: evil, ready: true, nodes: 2 }],
    })
    expect(hostile).not.toContain(evil)
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
      delays: [],
      costs: [],
      requests: {},
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
