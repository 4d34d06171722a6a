import type { Browser, Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LabReport } from '../lab-report.ts'
import { renderLivePage } from '../live/live-page.ts'
import { renderParts } from '../live/render-parts.ts'
import { renderPage } from '../report/page.ts'
import { chromium, findBarriers, look, looks, openBrowser } from './browser.ts'
import { sampleReport } from './sample-report.ts'
import { sampleView } from './sample-view.ts'

const whetherFound = chromium === undefined ? ' (skipped: chromium not found)' : ''

const failed: LabReport = {
  ...sampleReport,
  ok: false,
  problems: ['Up: job dns: failure', 'no city was asked for the name'],
  failures: [
    { workflow: 'Up', job: 'dns', step: 'Run ./actions/some', message: 'No zone', fix: 'Make one.' },
  ],
  left: [{ type: 'volume', id: 'vol-1', region: 'us-east-1', hourlyCost: 0.0022 }],
}
const empty: LabReport = {
  ...failed,
  ...{
    jobs: [],
    delays: [],
    clusters: [],
    replicas: {},
    endpoints: [],
    inventory: [],
    costs: [],
    requests: {},
  },
  dns: { fqdn: '', zoneId: '', records: [], verification: [] },
}

describe.skipIf(chromium === undefined)(`pages in Chromium${whetherFound}`, () => {
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await openBrowser()
  })
  // The policy of a page would hold for the next one in its place.
  beforeEach(async () => {
    page = await browser.newPage()
  })
  afterEach(() => page.close())
  afterAll(() => browser.close())

  const open = (report: LabReport) => page.setContent(renderPage(report))

  // What has failed shows all that a good one does, and its failures.
  const shown = [
    ...looks.map(appearance => ({ what: 'a failed one', report: failed, appearance })),
    { what: 'a good one', report: sampleReport, appearance: looks[0] },
    { what: 'an empty one', report: empty, appearance: looks[3] },
  ]
  test.each(shown)(
    '$what has no barrier and is no wider than the window, $appearance.name',
    async ({ report, appearance }) => {
      await look(page, appearance)
      await open(report)
      await page.$$eval('details', all => {
        for (const each of all) each.open = true
      })
      expect(await findBarriers(page)).toEqual([])
      expect(await page.$eval('html', ({ scrollWidth }) => scrollWidth)).toBe(appearance.width)
    },
  )

  test.each([looks[0], looks[3]])(
    'the live page has no barrier and is no wider than the window, $name',
    async appearance => {
      await look(page, appearance)
      await page.setContent(renderLivePage('k8s.example.com', 60))
      for (const [part, markup] of Object.entries(renderParts(sampleView)))
        await page.$eval(
          `#${part} > .part`,
          (element, text) => {
            element.innerHTML = text
          },
          markup,
        )
      expect(await findBarriers(page)).toEqual([])
      expect(await page.$eval('html', ({ scrollWidth }) => scrollWidth)).toBe(appearance.width)
    },
  )

  test('a search shows the lines and summaries that have the words, and what holds them', async () => {
    await open(sampleReport)
    await page.type('#search', 'federation')
    await page.keyboard.press('Enter')
    const shown = (selector: string) =>
      page.$$eval(selector, all =>
        all.filter(each => each.checkVisibility()).map(each => each.textContent?.trim()),
      )
    expect(await shown('.job h3')).toEqual(['✓ Up: federation'])
    expect(await shown('.line')).toEqual(['Making the federation'])
    expect(await shown('#found')).toEqual(['1 line, 1 summary'])
  })

  test('a search for nothing shows the page as it was', async () => {
    await open(sampleReport)
    await page.type('#search', 'x')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Enter')
    expect(
      await page.$$eval('.job[open], .job[hidden], .log[hidden], .line[hidden]', all => all.length),
    ).toBe(0)
  })
})
