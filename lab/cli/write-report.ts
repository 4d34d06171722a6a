import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabReport } from './lab-report.ts'
import { renderPage } from './report/page.ts'
import { repository } from './story.ts'

/** Writes `lab-report/index.html` and `lab-report/report.json`; returns the page's path below the repository. */
export async function writeReport(report: LabReport): Promise<string> {
  const directory = join(repository, 'lab-report')
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`)
  await writeFile(join(directory, 'index.html'), renderPage(report))
  return 'lab-report/index.html'
}
