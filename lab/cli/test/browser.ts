import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'

const places = (process.env.PATH ?? '').split(delimiter).map(directory => join(directory, 'chromium'))

/** Where Chromium is, if it is on PATH. */
export const chromium: string | undefined = places.find(place => existsSync(place))

/** Starts Chromium; what it opens is ours. */
export function openBrowser(): Promise<Browser> {
  if (chromium === undefined) throw new Error('there is no chromium on PATH')
  return puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox'] })
}

/** The ways in which people see a page. */
export const looks = [
  { name: 'light', width: 1120, scheme: 'light' },
  { name: 'dark', width: 1120, scheme: 'dark' },
  { name: 'light and 390 pixels wide', width: 390, scheme: 'light' },
  { name: 'dark and 390 pixels wide', width: 390, scheme: 'dark' },
] as const

/** Shows a page as one of the looks. */
export async function look(page: Page, { width, scheme }: (typeof looks)[number]): Promise<void> {
  await page.setViewport({ width, height: 844 })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
}

type Violation = { id: string; nodes: { html: string }[] }

/** What axe-core finds wrong for people who use a keyboard or a screen reader, one line for each place. */
export async function findBarriers(page: Page): Promise<string[]> {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  // The page itself lets no script run but its own.
  const { violations } = (await page.evaluate(`${axe}; axe.run()`)) as { violations: Violation[] }
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}
