import { type Job, UserError } from '@meridian/runner'
import { plainHttp } from '../inputs/parse-endpoints.ts'
import type { Inputs } from '../inputs.ts'
import { renderPages } from '../summary.ts'
import { fetchPages, type Page } from './fetch-pages.ts'

/** A load balancer whose name was not known yesterday may take minutes; one that has served is asked only again. */
const patienceMilliseconds = { changed: 180_000, unchanged: 10_000 }

/**
 * Fetches the page through each region that the name has, where the endpoints tell that it is one or a path is given.
 * A page that is not served is a warning; `strict` makes it a failure.
 */
export async function checkPages(
  job: Job,
  inputs: Inputs,
  { standing, changed }: { standing: readonly string[]; changed: boolean },
): Promise<void> {
  const { page, pagePath, fqdn, wait } = inputs
  if (page === 'false') return
  const endpoints = inputs.endpoints.flatMap(endpoint => {
    const speaks = endpoint.speaks ?? (pagePath === undefined ? undefined : plainHttp)
    return speaks && standing.includes(endpoint.region) ? [{ ...endpoint, speaks }] : []
  })
  if (endpoints.length === 0) return
  const patience = wait ? patienceMilliseconds[changed ? 'changed' : 'unchanged'] : 0
  const pages = await fetchPages(job, endpoints, { fqdn, path: pagePath ?? '/', patience })
  job.output('pages', pages)
  job.summary(renderPages(pages))
  for (const one of pages) job.log.info(tellPage(one))
  const failed = pages.filter(({ ok }) => !ok)
  if (failed.length === 0) return
  const message = `${failed.length} of ${pages.length} regions do not serve the page: ${failed.map(tellPage).join('; ')}`
  if (page !== 'strict') return job.log.warning(message)
  throw new UserError(message, {
    fix: 'Look at the app and the load balancer of these regions. If the app serves no page there, give page-path, or page: false; where the runner cannot reach it, page: false.',
    input: 'page',
  })
}

function tellPage({ region, url, hostname, status, milliseconds, problem }: Page): string {
  return `${region}: ${url} through ${hostname} ${problem ?? `answered ${status} in ${milliseconds} ms`}`
}
